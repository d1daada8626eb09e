package io.tagstream.learner.flink;

import io.tagstream.learner.embedding.RowPage;

/**
 * One element of the operator's list state: a frozen page of embedding rows, or a piece of another
 * part of the state. Immutable, so copying it for a checkpoint costs nothing and the page is
 * written while training goes on.
 */
sealed interface StatePage {

  /** Most bytes of a piece. */
  int PIECE_BYTES = RowPage.BYTES;

  /** A frozen page of embedding rows. */
  record Rows(RowPage page) implements StatePage {}

  /**
   * A piece of a part's bytes.
   *
   * @param part code of the part
   * @param number place of the piece in its part, from 0
   * @param bytes not copied, and not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // handed to the serializer, never compared
  record Piece(int part, int number, byte[] bytes) implements StatePage {}
}

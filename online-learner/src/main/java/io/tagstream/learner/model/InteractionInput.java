package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * What units of feature interactions read: the fields of {@code N} instances, be they rows of a
 * user with a tag or users alone.
 *
 * @param fields embeddings, {@code [N, n, e]}
 * @param addresses per memory of MemoNet, the words of every crossed feature, int64 {@code
 *     [N·P·m]}, as {@link CodebookAddresses} computes them; empty where no unit remembers
 */
record InteractionInput(NDArray fields, List<NDArray> addresses) {

  InteractionInput {
    addresses = List.copyOf(addresses);
  }

  /** The fields side by side, {@code [N, n·e]}. */
  NDArray flat() {
    return fields.reshape(fields.getShape().get(0), -1);
  }
}

package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;

/**
 * Attention of a tag over the user's history, {@code h_1 … h_S}: {@code a = softmax_s(⟨W t,
 * h_s⟩/√e)} over known places, {@code v_seq = Σ_s a_s h_s}; zeros where no place is known.
 *
 * <p>MKT (section 3.2.1) leaves the encoder open and asks that it read what kinds of items share,
 * so that they share it: here the query is the tag. Values are the embeddings themselves, as in DIN
 * (Zhou et al., KDD 2018); a key matrix would only turn {@code W}.
 */
final class HistoryAttention {

  /** So low a score that its softmax is 0. */
  private static final float NEVER = -1e9f;

  private final String name;
  private final int embedding;

  /**
   * An encoder.
   *
   * @param embedding {@code e}
   */
  HistoryAttention(String name, int embedding) {
    this.name = name;
    this.embedding = embedding;
  }

  void declare(ParameterSet set) {
    set.glorot(name + ".query.weight", embedding, embedding, embedding, embedding);
  }

  /** {@code v_seq} of every row: {@code [R, e]}. */
  NDArray of(Weights w, ModelInputs in) {
    History history = in.historyForReading();
    int places = history.places();
    NDArray query = in.tags().matMul(w.get(name + ".query.weight").transpose());
    NDArray queries = Layers.rows(query, in.rowTag()).reshape(-1, 1, embedding);
    NDArray values =
        Layers.rows(history.values(), in.rowImpression()).reshape(-1, places, embedding);
    NDArray known = Layers.rows(history.known(), in.rowImpression()); // [R, S]
    NDArray one = Layers.constant(known, 1f);
    NDArray unknown = one.sub(known).mul(Layers.constant(known, NEVER));
    NDArray root = Layers.constant(known, (float) Math.sqrt(embedding));
    NDArray scores = values.mul(queries).sum(new int[] {2}).div(root).add(unknown);
    NDArray shares = Layers.softmax(scores, 1).mul(known).reshape(-1, places, 1);
    return values.mul(shares).sum(new int[] {1});
  }
}

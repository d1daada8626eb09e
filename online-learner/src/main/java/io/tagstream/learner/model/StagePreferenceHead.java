package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * STAN's user preference network (STAN eq. 6–9), trained beside whichever model runs.
 *
 * <ul>
 *   <li>(eq. 6) {@code U' = f(U) [I, F, e]}: a two-layer network applied to each field alike,
 *       {@code ReLU(U W_1 + b_1) W_2 + b_2}
 *   <li>(eq. 8) {@code s^k = U' ⊙ softmax_F(U' W^k)}, {@code W^k [e, e]}: softmax over fields, for
 *       each component
 *   <li>(eq. 9) {@code ỹ^k = σ(⟨vec(s^k), v^k⟩ + c^k)}
 * </ul>
 */
public final class StagePreferenceHead {

  private final int tasks;
  private final int fields;
  private final int embedding;

  /**
   * A head.
   *
   * @param tasks {@code K}
   * @param fields {@code F}
   * @param embedding size of an embedding row, {@code e}
   */
  public StagePreferenceHead(int tasks, int fields, int embedding) {
    this.tasks = tasks;
    this.fields = fields;
    this.embedding = embedding;
  }

  /** Declares the parameters. */
  public void declare(ParameterSet parameters) {
    int e = embedding;
    Layers.declareLinear(parameters, "stage.0", e, e);
    Layers.declareLinear(parameters, "stage.1", e, e);
    for (int k = 0; k < tasks; k++) {
      parameters.glorot("stage.attention." + k + ".weight", e, e, e, e);
      Layers.declareLinear(parameters, "stage.out." + k, (long) fields * e, 1);
    }
  }

  /**
   * Logits of {@code ỹ}.
   *
   * @param userFields pooled user fields, {@code [I, F·e]}
   * @return {@code [I, K]}
   */
  public NDArray logits(Weights w, NDArray userFields) {
    NDArray flat = userFields.reshape(-1, embedding);
    NDArray extracted = Layers.mlp(w, "stage", flat, 1);
    NDArray wide = extracted.reshape(-1, (long) fields * embedding);
    NDList outputs = new NDList();
    for (int k = 0; k < tasks; k++) {
      NDArray scores =
          extracted
              .matMul(w.get("stage.attention." + k + ".weight"))
              .reshape(-1, fields, embedding);
      NDArray attention = Layers.softmax(scores, 1).reshape(-1, (long) fields * embedding);
      outputs.add(Layers.linear(w, "stage.out." + k, wide.mul(attention)));
    }
    return Layers.concat(outputs, 1);
  }
}

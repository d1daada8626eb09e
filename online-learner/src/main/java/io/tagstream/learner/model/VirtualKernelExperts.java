package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Virtual-kernel experts (MVKE section 4.2). {@code X [I, F, e]} user fields, {@code W_VK [E, e]}
 * virtual kernels, which experts and gates share.
 *
 * <ul>
 *   <li>Expert {@code k} (eq. 4): {@code Q = tanh(W_VK^k W_Q^k + b)}, {@code K = tanh(X W_K^k +
 *       b)}, {@code V = tanh(X W_V^k + b)}, each of size {@code e}; every expert has its own
 *       weights
 *   <li>(eq. 5) {@code A^k = softmax_F(Q Kᵀ / √e) [I, F]}, {@code C^k = A^k ⊙ V [I, F, e]}
 *   <li>(eq. 6) {@code E_u^k = f_u^k(C^k) [I, d]}: an MLP on {@code Σ_F C^k}, and where there are
 *       {@link ExpertInteractions}, what they make of {@code C^k} besides; where there is a {@link
 *       UserTransfer}, what it adds of other kinds of items
 * </ul>
 *
 * <p>Keys and values of all experts are one product, and so are their attention scores, with the
 * queries laid out block-diagonally.
 */
final class VirtualKernelExperts {

  /** Name of the parameter {@code W_VK}. */
  static final String KERNELS = "kernels";

  private final int fields;
  private final int embedding;
  private final int dimension;
  private final List<Integer> hidden;
  private final int experts;
  private final @Nullable ExpertInteractions interactions;
  private final @Nullable UserTransfer transfer;
  private final float[] blocks;
  private final float[] ownValues;

  /**
   * Experts.
   *
   * @param fields {@code F}
   * @param embedding size of an embedding row, of kernels and of attention, {@code e}
   * @param dimension {@code d}
   * @param hidden hidden layer sizes of each expert's MLP
   * @param experts {@code E}
   * @param interactions null for the MLPs alone
   * @param transfer what is added of other kinds of items; null for nothing
   */
  VirtualKernelExperts(
      int fields,
      int embedding,
      int dimension,
      List<Integer> hidden,
      int experts,
      @Nullable ExpertInteractions interactions,
      @Nullable UserTransfer transfer) {
    this.fields = fields;
    this.embedding = embedding;
    this.dimension = dimension;
    this.hidden = List.copyOf(hidden);
    this.experts = experts;
    this.interactions = interactions;
    this.transfer = transfer;
    this.blocks = new float[experts * embedding * experts];
    this.ownValues = new float[experts * experts * embedding];
    for (int row = 0; row < experts * embedding; row++) {
      blocks[row * experts + row / embedding] = (float) (2 / Math.sqrt(embedding));
      ownValues[row / embedding * experts * embedding + row] = 2f;
    }
  }

  void declare(ParameterSet p) {
    int e = embedding;
    p.glorot(KERNELS, e, e, experts, e);
    p.glorot("expert.query.weight", e, e, experts, e, e);
    p.zeros("expert.query.bias", experts, e);
    Layers.declareLinear(p, "expert.key", e, (long) experts * e);
    // Near the identity, as the tag tower is.
    Layers.declarePassing(p, "expert.value", experts, e, e, Layers::identity);
    for (int k = 0; k < experts; k++) {
      Layers.declarePassingMlp(p, "expert." + k, e, hidden, dimension);
    }
    if (interactions != null) {
      interactions.declare(p);
    }
  }

  /** {@code E_u^k}: {@code E × [I, d]}. */
  NDList outputs(Weights w, UserInputs users) {
    NDList own = ownOutputs(w, users);
    return transfer == null ? own : transfer.addedTo(w, users, own);
  }

  private NDList ownOutputs(Weights w, UserInputs users) {
    if (interactions == null) {
      NDList sums = pooled(w, users.fields()).split(experts, 1);
      NDList outputs = new NDList();
      for (int k = 0; k < experts; k++) {
        outputs.add(mlp(w, k, sums.get(k)));
      }
      return outputs;
    }
    NDArray weighted = weighted(w, users.fields());
    NDArray sums = weighted.sum(new int[] {2});
    NDArray interacted = interactions.of(w, users, weighted);
    NDList outputs = new NDList();
    for (int k = 0; k < experts; k++) {
      outputs.add(mlp(w, k, sums.get(k)).add(interacted.get(k)));
    }
    return outputs;
  }

  private NDArray mlp(Weights w, int expert, NDArray sum) {
    return Layers.mlp(w, "expert." + expert, sum, hidden.size());
  }

  /**
   * Queries of eq. 4 times 2/√e, laid out so that one product scores every expert: {@code [E·e,
   * E]}.
   */
  private NDArray blockQuery(Weights w) {
    int e = embedding;
    NDArray query =
        w.get(KERNELS)
            .reshape(experts, 1, e)
            .batchMatMul(w.get("expert.query.weight"))
            .reshape(experts, e)
            .add(w.get("expert.query.bias"))
            .tanh();
    NDArray blockMask = w.input(blocks, blocks.length, false, (long) experts * e, experts);
    return query.reshape((long) experts * e, 1).mul(blockMask);
  }

  /** {@code A} of every expert: {@code [I·F, e] → [I, F, E]}. */
  private NDArray attention(Weights w, NDArray x) {
    // With S = (tanh + 1) / 2: scores q·K = 2 q·S − Σq, and the softmax over fields does not see
    // −Σq.
    NDArray halfKeys = Layers.halfTanh(w, "expert.key", x);
    return Layers.softmax(halfKeys.matMul(blockQuery(w)).reshape(-1, fields, experts), 1);
  }

  /** {@code Σ_F C} of every expert: {@code [I, F·e] → [I, E·e]}. */
  private NDArray pooled(Weights w, NDArray pooledFields) {
    int e = embedding;
    NDArray x = pooledFields.reshape(-1, e);
    // Σ_F A ⊙ V = 2 Σ_F A ⊙ S − 1, as A sums to 1.
    NDArray halfValues = Layers.halfTanh(w, "expert.value", x);
    // One product per impression pairs every expert's attention with every expert's values; only
    // the pairs of the same expert are wanted, and a mask takes them.
    NDArray pairs =
        attention(w, x)
            .transpose(0, 2, 1)
            .batchMatMul(halfValues.reshape(-1, fields, (long) experts * e));
    NDArray mask = w.input(ownValues, ownValues.length, false, 1, experts, (long) experts * e);
    return pairs.mul(mask).sum(new int[] {1}).sub(Layers.constant(x, 1f));
  }

  /** {@code C} of every expert: {@code [I, F·e] → [E, I, F, e]}. */
  private NDArray weighted(Weights w, NDArray pooledFields) {
    NDArray x = pooledFields.reshape(-1, embedding);
    NDArray values =
        Layers.tanh(Layers.linear(w, "expert.value", x)).reshape(-1, fields, experts, embedding);
    NDArray attention = attention(w, x).reshape(-1, fields, experts, 1);
    return values.mul(attention).transpose(2, 0, 1, 3);
  }
}

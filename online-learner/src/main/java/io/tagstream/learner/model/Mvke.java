package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;

/**
 * Mixture of Virtual-Kernel Experts. {@code X [I, F, e]} user fields, {@code W_VK [E, e]} virtual
 * kernels, which experts and gates share.
 *
 * <ul>
 *   <li>Expert {@code k} (eq. 4): {@code Q = tanh(W_VK^k W_Q^k + b)}, {@code K = tanh(X W_K^k +
 *       b)}, {@code V = tanh(X W_V^k + b)}, each of size {@code e}; every expert has its own
 *       weights
 *   <li>(eq. 5) {@code A^k = softmax_F(Q Kᵀ / √e) [I, F]}, {@code C^k = A^k ⊙ V [I, F, e]}
 *   <li>(eq. 6) {@code E_u^k = f_u^k(Σ_F C^k) [I, d]}, an MLP
 *   <li>Tag tower: a shared layer, then a head per task, {@code E_T^j [D, d]}
 *   <li>Gate of task {@code j} (eq. 7): {@code a_j = softmax(tanh(E_T^j W + b) tanh(W_VK W' + b')ᵀ
 *       / √e)} over the task's experts, {@code E_u^j = Σ_k a_jk V_j(E_u^k)}, {@code V_j} linear
 *   <li>{@code logit_j = e^θ cos(E_u^j, E_T^j) + b} (eq. 2, with a scale)
 * </ul>
 *
 * <p>Keys and values of all experts are one product, and so are their attention scores, with the
 * queries laid out block-diagonally.
 */
public final class Mvke implements TagModel, FactoredView {

  private final int fields;
  private final int embedding;
  private final int dimension;
  private final List<Integer> hidden;
  private final int experts;
  private final List<int[]> expertsOfTask;
  private final TaskScales scales;
  private final float[] blocks;
  private final float[] ownValues;

  /**
   * A network.
   *
   * @param fields {@code F}
   * @param embedding size of an embedding row, of kernels and of attention, {@code e}
   * @param dimension size of user and tag vectors, {@code d}
   * @param hidden hidden layer sizes of each expert's MLP; the first is also the tag tower's
   * @param expertsOfTask per task its experts, ascending
   * @param fixedScale whether logits are bare cosines
   */
  public Mvke(
      int fields,
      int embedding,
      int dimension,
      List<Integer> hidden,
      List<int[]> expertsOfTask,
      boolean fixedScale) {
    this.fields = fields;
    this.embedding = embedding;
    this.dimension = dimension;
    this.hidden = List.copyOf(hidden);
    this.expertsOfTask = expertsOfTask.stream().map(int[]::clone).toList();
    this.experts = ExpertSets.count(expertsOfTask);
    this.scales = new TaskScales(expertsOfTask.size(), fixedScale);
    this.blocks = new float[experts * embedding * experts];
    this.ownValues = new float[experts * experts * embedding];
    for (int row = 0; row < experts * embedding; row++) {
      blocks[row * experts + row / embedding] = (float) (2 / Math.sqrt(embedding));
      ownValues[row / embedding * experts * embedding + row] = 2f;
    }
  }

  @Override
  public void declare(ParameterSet p) {
    int e = embedding;
    p.glorot("kernels", e, e, experts, e);
    p.glorot("expert.query.weight", e, e, experts, e, e);
    p.zeros("expert.query.bias", experts, e);
    Layers.declareLinear(p, "expert.key", e, (long) experts * e);
    // Both towers start near the identity, so that before the first step already a user is close to
    // the tags that are in his fields, and learning starts from there instead of from noise.
    Layers.declarePassing(p, "expert.value", experts, e, e, Layers::identity);
    for (int k = 0; k < experts; k++) {
      Layers.declarePassingMlp(p, "expert." + k, e, hidden, dimension);
    }
    Layers.declarePassing(p, "tag.shared", 1, e, tagWidth(), Layers.split(e));
    for (int j = 0; j < expertsOfTask.size(); j++) {
      Layers.declarePassing(p, "tag.head." + j, 1, tagWidth(), dimension, Layers.join(e));
      Layers.declareLinear(p, "gate.query." + j, dimension, e);
      Layers.declareLinear(p, "gate.key." + j, e, e);
      Layers.declarePassing(p, "gate.value." + j, 1, dimension, dimension, Layers::identity);
    }
    scales.declare(p);
  }

  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    NDList expertOutputs = experts(w, in.fields());
    NDArray shared = sharedTags(w, in.tags());
    NDList cosines = new NDList();
    for (int j = 0; j < expertsOfTask.size(); j++) {
      int m = expertsOfTask.get(j).length;
      NDArray tag = Layers.linear(w, "tag.head." + j, shared);
      NDArray gate = Layers.rows(gate(w, j, tag), in.rowTag()).reshape(-1, m, 1);
      NDArray values = Layers.rows(values(w, j, expertOutputs), in.rowImpression());
      NDArray user = values.reshape(-1, m, dimension).mul(gate).sum(new int[] {1});
      cosines.add(Layers.cosine(user, Layers.rows(tag, in.rowTag())));
    }
    return scales.apply(w, Layers.concat(cosines, 1));
  }

  @Override
  public FactoredView factored() {
    return this;
  }

  @Override
  public List<Side> users(Weights w, NDArray fields) {
    NDList expertOutputs = experts(w, fields);
    List<Side> sides = new ArrayList<>();
    for (int j = 0; j < expertsOfTask.size(); j++) {
      int m = expertsOfTask.get(j).length;
      NDArray values = values(w, j, expertOutputs);
      NDArray vectors = values.reshape(-1, m, dimension);
      NDArray gram = vectors.batchMatMul(vectors.transpose(0, 2, 1));
      sides.add(new Side(values, gram.reshape(-1, (long) m * m)));
    }
    return sides;
  }

  @Override
  public List<Side> tags(Weights w, NDArray tags) {
    NDArray shared = sharedTags(w, tags);
    List<Side> sides = new ArrayList<>();
    for (int j = 0; j < expertsOfTask.size(); j++) {
      int m = expertsOfTask.get(j).length;
      NDArray tag = Layers.linear(w, "tag.head." + j, shared);
      NDArray gate = gate(w, j, tag);
      NDArray column = gate.reshape(-1, m, 1);
      NDArray unit = tag.div(Layers.norm(tag)).reshape(-1, 1, dimension);
      sides.add(
          new Side(
              column.mul(unit).reshape(-1, (long) m * dimension),
              column.mul(gate.reshape(-1, 1, m)).reshape(-1, (long) m * m)));
    }
    return sides;
  }

  @Override
  public float[][] scales(ParameterSet parameters) {
    return scales.values(parameters);
  }

  /** Eq. 4–6: {@code [I, F·e] → E × [I, d]}. */
  private NDList experts(Weights w, NDArray fields) {
    NDList perExpert = pooled(w, fields).split(experts, 1);
    NDList outputs = new NDList();
    for (int k = 0; k < experts; k++) {
      outputs.add(Layers.mlp(w, "expert." + k, perExpert.get(k), hidden.size()));
    }
    return outputs;
  }

  /**
   * Queries of eq. 4 times 2/√e, laid out so that one product scores every expert: {@code [E·e,
   * E]}.
   */
  private NDArray blockQuery(Weights w) {
    int e = embedding;
    NDArray query =
        w.get("kernels")
            .reshape(experts, 1, e)
            .batchMatMul(w.get("expert.query.weight"))
            .reshape(experts, e)
            .add(w.get("expert.query.bias"))
            .tanh();
    NDArray blockMask = w.input(blocks, blocks.length, false, (long) experts * e, experts);
    return query.reshape((long) experts * e, 1).mul(blockMask);
  }

  /**
   * Keys, values and attention of every expert, summed over fields: {@code [I, F·e] → [I, E·e]}.
   */
  private NDArray pooled(Weights w, NDArray fields) {
    int e = embedding;
    NDArray x = fields.reshape(-1, e);
    // With S = (tanh + 1) / 2: scores q·K = 2 q·S − Σq, and the softmax over fields does not see
    // −Σq; Σ_F A ⊙ V = 2 Σ_F A ⊙ S − 1, as A sums to 1.
    NDArray halfKeys = Layers.halfTanh(w, "expert.key", x);
    NDArray halfValues = Layers.halfTanh(w, "expert.value", x);
    NDArray scores = halfKeys.matMul(blockQuery(w)).reshape(-1, this.fields, experts);
    NDArray attention = Layers.softmax(scores, 1);
    // One product per impression pairs every expert's attention with every expert's values; only
    // the pairs of the same expert are wanted, and a mask takes them.
    NDArray pairs =
        attention
            .transpose(0, 2, 1)
            .batchMatMul(halfValues.reshape(-1, this.fields, (long) experts * e));
    NDArray mask = w.input(ownValues, ownValues.length, false, 1, experts, (long) experts * e);
    return pairs.mul(mask).sum(new int[] {1}).sub(Layers.constant(fields, 1f));
  }

  /** {@code V_j} of the task's experts, side by side: {@code [I, m·d]}. */
  private NDArray values(Weights w, int task, NDList expertOutputs) {
    NDList own = new NDList();
    for (int k : expertsOfTask.get(task)) {
      own.add(expertOutputs.get(k));
    }
    NDArray stacked = Layers.concat(own, 1).reshape(-1, dimension);
    return Layers.linear(w, "gate.value." + task, stacked)
        .reshape(-1, (long) own.size() * dimension);
  }

  /** Eq. 7's weights over the task's experts: {@code [D, d] → [D, m]}. */
  private NDArray gate(Weights w, int task, NDArray tag) {
    int[] own = expertsOfTask.get(task);
    NDArray query = Layers.linear(w, "gate.query." + task, tag).tanh();
    NDArray kernels = Layers.rows(w.get("kernels"), w.indices(own));
    NDArray key = Layers.linear(w, "gate.key." + task, kernels).tanh();
    NDArray scores =
        query.matMul(key.transpose()).mul(Layers.constant(tag, (float) (1 / Math.sqrt(embedding))));
    return Layers.softmax(scores, 1);
  }

  private NDArray sharedTags(Weights w, NDArray tags) {
    return Layers.relu(Layers.linear(w, "tag.shared", tags));
  }

  private int tagWidth() {
    return hidden.isEmpty() ? dimension : hidden.get(0);
  }
}

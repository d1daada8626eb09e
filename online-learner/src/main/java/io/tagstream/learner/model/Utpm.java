package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.tagstream.learner.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * UTPM, the user-tag profiling model (Yan et al., CIKM 2020, "Learning to Build User-tag Profile in
 * Recommendation System"): attention over user fields with queries that all fields share, a cross
 * layer after factorisation machines, and the inner product with the tag.
 *
 * <ul>
 *   <li>{@code α_h = softmax_f(⟨q_h, tanh(W_hf x_f + b_hf)⟩)}, {@code m = [Σ_f α_1f x_f, Σ_f α_2f
 *       x_f]}: {@code [I, F, e] → [I, 2e]}
 *   <li>{@code c = ½ ((mV)² − m² V²) = Σ_{i<j} m_i m_j (v_i ⊙ v_j)}: {@code [I, 2e] → [I, d]}, a
 *       vector where a factorisation machine has its sum
 *   <li>{@code u^k}: an MLP on {@code [m, c]}, {@code [I, 2e + d] → K × [I, e]}
 *   <li>{@code ŷ^k_t = σ(e^θ ⟨u^k, X^t⟩ + b)}
 *   <li>joint loss: {@code Σ_t BCE(ŷ_t, y)} over the item's tags, and {@code BCE(ŷ_v, y)} of the
 *       item as a whole, {@code ŷ_v = σ(mean_t logit_t)}
 * </ul>
 *
 * <p>A reading where the paper's text was not at hand: what is known of it is its outline. Fields
 * come here pooled, so attention chooses among fields and not among the features of one; the paper
 * sums an item's tags, here they are averaged, which does not weigh items by their number of tags;
 * scale and bias are those of {@link TwoTower}. The item's loss has each tag's row once, so it
 * weighs as much as that of its tags.
 */
final class Utpm implements TagModel, CosineView {

  private static final int HEADS = 2;

  private final int tasks;
  private final int fields;
  private final int embedding;
  private final int cross;
  private final List<Integer> hidden;
  private final TaskScales scales;

  /**
   * A network.
   *
   * @param tasks {@code K}
   * @param fields {@code F}
   * @param embedding {@code e}
   */
  Utpm(int tasks, int fields, int embedding, ModelConfig sizes) {
    this.tasks = tasks;
    this.fields = fields;
    this.embedding = embedding;
    this.cross = sizes.dimension();
    this.hidden = sizes.hidden();
    this.scales = new TaskScales(tasks, sizes.fixedScale());
  }

  @Override
  public void declare(ParameterSet parameters) {
    int heads = HEADS * embedding;
    parameters.glorot("attention.weight", embedding, embedding, fields, embedding, heads);
    parameters.zeros("attention.bias", fields, 1, heads);
    parameters.glorot("attention.query", embedding, 1, heads);
    parameters.glorot("cross.weight", heads, cross, heads, cross);
    Layers.declareMlp(parameters, "user", heads + cross, hidden, (long) tasks * embedding);
    scales.declare(parameters);
  }

  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    NDArray user = Layers.rows(user(w, in.fields()), in.rowImpression());
    NDArray tag = Layers.rows(in.tags(), in.rowTag());
    NDArray products =
        user.reshape(-1, tasks, embedding).mul(tag.reshape(-1, 1, embedding)).sum(new int[] {2});
    return scales.apply(w, products);
  }

  @Override
  public TrainingOutputs training(Weights w, ModelInputs in) {
    NDArray logits = logits(w, in);
    TagSets sets = new TagSets(in.features().shownRows());
    NDArray shown = Layers.firstRows(logits, in.features().shown());
    NDArray items = sets.mean(w, sets.gathered(w, shown));
    NDArray ofRows = Layers.rows(items, w.indices(sets.setOfRow()));
    return new TrainingOutputs(logits, List.of(Auxiliary.ofFirst(ofRows)), null);
  }

  /** {@code [u^1 … u^K]}: {@code [I, F·e] → [I, K·e]}. */
  private NDArray user(Weights w, NDArray pooled) {
    NDArray x = pooled.reshape(-1, fields, embedding);
    NDArray keys =
        Layers.tanh(
            x.transpose(1, 0, 2)
                .matMul(w.get("attention.weight"))
                .add(w.get("attention.bias"))); // [F, I, 2e]
    NDArray scores =
        keys.mul(w.get("attention.query")).reshape(fields, -1, HEADS, embedding).sum(new int[] {3});
    NDArray attention = Layers.softmax(scores, 0).transpose(1, 2, 0); // [I, 2, F]
    NDArray merged = attention.matMul(x).reshape(-1, (long) HEADS * embedding);
    NDArray weight = w.get("cross.weight");
    NDArray sum = merged.matMul(weight);
    NDArray squares = merged.mul(merged).matMul(weight.mul(weight));
    NDArray crossed = sum.mul(sum).sub(squares).mul(Layers.constant(sum, 0.5f));
    return Layers.mlp(w, "user", Layers.concat(new NDList(merged, crossed), 1), hidden.size());
  }

  @Override
  public FactoredView factored() {
    return this;
  }

  /** An inner product is the view's cosine with squares of 1. */
  @Override
  public List<Side> users(Weights w, UserInputs users) {
    NDArray user = user(w, users.fields());
    List<Side> sides = new ArrayList<>();
    for (int k = 0; k < tasks; k++) {
      NDArray ofTask = Layers.columns(user, k * embedding, (k + 1) * embedding);
      sides.add(new Side(ofTask, ones(ofTask)));
    }
    return sides;
  }

  @Override
  public List<Side> tags(Weights w, NDArray tags) {
    List<Side> sides = new ArrayList<>();
    for (int k = 0; k < tasks; k++) {
      sides.add(new Side(tags, ones(tags)));
    }
    return sides;
  }

  private static NDArray ones(NDArray vectors) {
    return Layers.columns(vectors, 0, 1).onesLike();
  }

  @Override
  public float[][] scales(ParameterSet parameters) {
    return scales.values(parameters);
  }
}

package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;

/**
 * The two-tower baseline, MVKE's "basic solution" (MVKE eq. 1–3), one pair of towers per task with
 * nothing shared but embeddings:
 *
 * <ul>
 *   <li>{@code E_u = f_u(x)}: an MLP on the user's fields, {@code [I, F·e] → [I, d]} (eq. 1)
 *   <li>{@code E_t = g_t(e_t)}: an MLP on the tag's embedding, {@code [D, e] → [D, d]} (eq. 3)
 *   <li>{@code logit = e^θ cos(E_u, E_t) + b} (eq. 2, with a scale)
 * </ul>
 */
public final class TwoTower implements TagModel, CosineView {

  private final int tasks;
  private final int fields;
  private final int embedding;
  private final int dimension;
  private final List<Integer> hidden;
  private final TaskScales scales;

  /**
   * A network.
   *
   * @param tasks {@code K}
   * @param fields {@code F}
   * @param embedding size of an embedding row, {@code e}
   * @param dimension size of the towers' outputs, {@code d}
   * @param hidden hidden layer sizes of every tower
   * @param fixedScale whether logits are bare cosines
   */
  public TwoTower(
      int tasks,
      int fields,
      int embedding,
      int dimension,
      List<Integer> hidden,
      boolean fixedScale) {
    this.tasks = tasks;
    this.fields = fields;
    this.embedding = embedding;
    this.dimension = dimension;
    this.hidden = List.copyOf(hidden);
    this.scales = new TaskScales(tasks, fixedScale);
  }

  @Override
  public void declare(ParameterSet parameters) {
    for (int k = 0; k < tasks; k++) {
      Layers.declareMlp(parameters, user(k), (long) fields * embedding, hidden, dimension);
      Layers.declareMlp(parameters, tag(k), embedding, hidden, dimension);
    }
    scales.declare(parameters);
  }

  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    NDList cosines = new NDList();
    for (int k = 0; k < tasks; k++) {
      NDArray user =
          Layers.rows(Layers.mlp(w, user(k), in.fields(), hidden.size()), in.rowImpression());
      NDArray tag = Layers.rows(Layers.mlp(w, tag(k), in.tags(), hidden.size()), in.rowTag());
      cosines.add(Layers.cosine(user, tag));
    }
    return scales.apply(w, Layers.concat(cosines, 1));
  }

  @Override
  public FactoredView factored() {
    return this;
  }

  @Override
  public List<Side> users(Weights w, UserInputs users) {
    List<Side> sides = new ArrayList<>();
    for (int k = 0; k < tasks; k++) {
      NDArray user = Layers.mlp(w, user(k), users.fields(), hidden.size());
      sides.add(new Side(user, user.mul(user).sum(new int[] {1}, true)));
    }
    return sides;
  }

  @Override
  public List<Side> tags(Weights w, NDArray tags) {
    List<Side> sides = new ArrayList<>();
    for (int k = 0; k < tasks; k++) {
      NDArray tag = Layers.mlp(w, tag(k), tags, hidden.size());
      NDArray norm = Layers.norm(tag);
      sides.add(new Side(tag.div(norm), norm.onesLike()));
    }
    return sides;
  }

  @Override
  public float[][] scales(ParameterSet parameters) {
    return scales.values(parameters);
  }

  private static String user(int task) {
    return "user." + task;
  }

  private static String tag(int task) {
    return "tag." + task;
  }
}

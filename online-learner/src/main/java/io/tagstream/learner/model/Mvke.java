package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;

/**
 * Mixture of Virtual-Kernel Experts: the user's side is a mixture of {@link VirtualKernelExperts}
 * that the tag chooses by {@link VirtualKernelGates}, {@code E_u^j [R, d]}, the tag's a {@link
 * TagTower}, {@code E_T^j [D, d]}; {@code logit_j = e^θ cos(E_u^j, E_T^j) + b} (eq. 2, with a
 * scale).
 */
public final class Mvke implements TagModel, CosineView {

  private final VirtualKernelExperts experts;
  private final VirtualKernelGates gates;
  private final TagTower tagTower;
  private final TaskScales scales;

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
    int tasks = expertsOfTask.size();
    this.experts =
        new VirtualKernelExperts(
            fields, embedding, dimension, hidden, ExpertSets.count(expertsOfTask), null, null);
    this.gates = new VirtualKernelGates(embedding, dimension, expertsOfTask);
    this.tagTower = new TagTower(tasks, embedding, dimension, hidden);
    this.scales = new TaskScales(tasks, fixedScale);
  }

  @Override
  public void declare(ParameterSet parameters) {
    experts.declare(parameters);
    tagTower.declare(parameters);
    gates.declare(parameters);
    scales.declare(parameters);
  }

  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    NDList expertOutputs = experts.outputs(w, in.users());
    NDArray shared = tagTower.shared(w, in.tags());
    NDList cosines = new NDList();
    for (int j = 0; j < gates.tasks(); j++) {
      NDArray tag = tagTower.head(w, j, shared);
      NDArray user = gates.user(w, j, expertOutputs, tag, in);
      cosines.add(Layers.cosine(user, Layers.rows(tag, in.rowTag())));
    }
    return scales.apply(w, Layers.concat(cosines, 1));
  }

  @Override
  public FactoredView factored() {
    return this;
  }

  @Override
  public List<Side> users(Weights w, UserInputs users) {
    return gates.users(w, experts.outputs(w, users));
  }

  @Override
  public List<Side> tags(Weights w, NDArray tags) {
    NDArray shared = tagTower.shared(w, tags);
    List<Side> sides = new ArrayList<>();
    for (int j = 0; j < gates.tasks(); j++) {
      NDArray tag = tagTower.head(w, j, shared);
      sides.add(gates.tags(w, j, tag, tag));
    }
    return sides;
  }

  @Override
  public GatedByTags gatedByTags() {
    return gates.over(tagTower);
  }

  @Override
  public float[][] scales(ParameterSet parameters) {
    return scales.values(parameters);
  }
}

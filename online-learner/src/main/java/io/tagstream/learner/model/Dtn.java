package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.tagstream.learner.DtnConfig;
import io.tagstream.learner.DtnConfig.Unit;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.model.GatedUnits.UnitWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * DTN (Bi et al., "Deep Multiple Task-specific Feature Interactions Network for Multi-Task
 * Recommendation"): feature interactions of each task's own in the place of experts.
 *
 * <p>{@code x [R, F + 1, e]} is a row's user fields and its tag. Every task {@code k} and the
 * shared part have an {@link InteractionModule} {@code M_k(x)}, {@code M_S(x)} (eq. 3).
 *
 * <ul>
 *   <li>Task-sensitive network: {@code A_O = [ŷ_{k−1} · M_{k−1}(x), M_S(x)]}, with the probability
 *       of the task before it; the first task has {@code A_O = M_S(x)}
 *   <li>{@code S_O = Σ_i g_O^i A_O^i} (eq. 4), {@code S_V = Σ_i g_V^i M_k^i(x)} (eq. 5), with gates
 *       {@code g = softmax(W x + b)}, one layer on the flat input
 *   <li>{@code z_k = tower_k([S_O, S_V])}, {@code [R, 2·out] → [R, 1]} (eq. 6, 7)
 * </ul>
 *
 * <p>Interactions read whole rows, so nothing is computed once per user but the words of crossed
 * features that do not know the tag.
 */
final class Dtn implements TagModel {

  private final List<String> tasks;
  private final int userFields;
  private final int embedding;
  private final DtnConfig sizes;
  private final List<InteractionModule> modules = new ArrayList<>();
  private final InteractionUnits interactionUnits;
  private final TaskTowers towers;

  /**
   * A network.
   *
   * @param tasks names of the {@code K} tasks, in their sequence
   * @param userFields {@code F}
   * @param embedding {@code e}
   * @throws IllegalArgumentException when the configuration names other tasks or fields
   */
  Dtn(List<String> tasks, int userFields, int embedding, ModelConfig model) {
    this.tasks = List.copyOf(tasks);
    this.userFields = userFields;
    this.embedding = embedding;
    this.sizes = model.dtn();
    for (String module : sizes.trimmed().keySet()) {
      if (!tasks.contains(module) && !module.equals(DtnConfig.SHARED)) {
        throw new IllegalArgumentException(
            "model.dtn.trimmed: %s - is no task; modules are %s and %s"
                .formatted(module, tasks, DtnConfig.SHARED));
      }
    }
    int fields = userFields + 1;
    List<Integer> keys = sizes.memoNet().keyFields();
    interactionUnits =
        new InteractionUnits(
            fields, embedding, keys.isEmpty() ? Set.of(userFields) : Set.copyOf(keys), sizes);
    for (int k = 0; k < tasks.size(); k++) {
      modules.add(interactionUnits.module("module." + k, sizes.unitsOf(tasks.get(k))));
    }
    List<Unit> ofShared = sizes.unitsOf(DtnConfig.SHARED);
    modules.add(interactionUnits.module("module.shared", ofShared));
    int output = sizes.output();
    towers = new TaskTowers(tasks.size(), 2 * output, model.multiTask().tower());
  }

  @Override
  public void declare(ParameterSet parameters) {
    modules.forEach(module -> module.declare(parameters));
    long width = (userFields + 1L) * embedding;
    for (int k = 0; k < tasks.size(); k++) {
      Layers.declareLinear(parameters, ownGate(k), width, modules.get(k).units().size());
      Layers.declareLinear(parameters, otherGate(k), width, others(k).size());
    }
    towers.declare(parameters);
  }

  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    InteractionInput x = input(w, in);
    NDArray flat = x.flat();
    List<NDList> interactions = new ArrayList<>();
    modules.forEach(module -> interactions.add(module.forward(w, x)));
    NDList logits = new NDList();
    for (int k = 0; k < tasks.size(); k++) {
      NDList others = new NDList();
      if (k > 0) {
        NDArray before = Layers.sigmoid(logits.get(k - 1));
        NDArray factor = sizes.stopGradient() ? before.stopGradient() : before;
        interactions.get(k - 1).forEach(vector -> others.add(vector.mul(factor)));
      }
      others.addAll(interactions.get(tasks.size()));
      NDArray fromOthers = Layers.mixture(others, gate(w, otherGate(k), flat));
      NDArray fromOwn = Layers.mixture(interactions.get(k), gate(w, ownGate(k), flat));
      logits.add(towers.logit(w, k, Layers.concat(new NDList(fromOthers, fromOwn), 1)));
    }
    return Layers.concat(logits, 1);
  }

  @Override
  public GatedUnits gatedUnits() {
    return this::unitWeights;
  }

  private List<UnitWeight> unitWeights(Weights w, ModelInputs in) {
    NDArray flat = input(w, in).flat();
    List<UnitWeight> weights = new ArrayList<>();
    for (int k = 0; k < tasks.size(); k++) {
      addMeans(weights, k, sources(k), gate(w, ownGate(k), flat));
      addMeans(weights, k, others(k), gate(w, otherGate(k), flat));
    }
    return weights;
  }

  private void addMeans(List<UnitWeight> target, int task, List<Source> sources, NDArray gate) {
    float[] means = Weights.read(gate.mean(new int[] {0}));
    for (int i = 0; i < means.length; i++) {
      Source source = sources.get(i);
      target.add(new UnitWeight(tasks.get(task), source.module(), source.unit(), means[i]));
    }
  }

  /** What a gate weighs. */
  private record Source(String module, Unit unit) {}

  /** The units behind a task's other gate, in its order: the task before, then the shared ones. */
  private List<Source> others(int task) {
    List<Source> units = new ArrayList<>();
    if (task > 0) {
      units.addAll(sources(task - 1));
    }
    units.addAll(sources(tasks.size()));
    return units;
  }

  private List<Source> sources(int module) {
    String name = module < tasks.size() ? tasks.get(module) : DtnConfig.SHARED;
    return modules.get(module).units().stream().map(unit -> new Source(name, unit)).toList();
  }

  private InteractionInput input(Weights w, ModelInputs in) {
    NDArray user = Layers.rows(in.fields(), in.rowImpression());
    NDArray tag = Layers.rows(in.tags(), in.rowTag());
    NDArray flat = Layers.concat(new NDList(user, tag), 1);
    List<NDArray> words =
        interactionUnits.remember()
            ? interactionUnits.words(w, FieldValues.ofRows(in.features(), userFields))
            : List.of();
    return new InteractionInput(flat.reshape(-1, userFields + 1, embedding), words);
  }

  private static NDArray gate(Weights w, String name, NDArray flat) {
    return Layers.softmax(Layers.linear(w, name, flat), 1);
  }

  private static String ownGate(int task) {
    return "gate." + task + ".own";
  }

  private static String otherGate(int task) {
    return "gate." + task + ".other";
  }
}

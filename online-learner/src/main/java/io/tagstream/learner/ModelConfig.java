package io.tagstream.learner;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which network, and its sizes.
 *
 * @param network which one
 * @param dimension size {@code d} of user and tag vectors; of what an expert or bottom gives out
 * @param hidden hidden layer sizes of the towers and of each expert or bottom
 * @param experts MVKE: experts of each task by task name, numbered from 0, every number up to the
 *     largest used; empty for the default of the number of tasks
 * @param fixedScale two-tower and MVKE: true for {@code σ(cos)} as printed in the paper, false to
 *     learn scale and bias per task
 * @param ownTags whether a tag's logit also has a learnt term for standing in the user's own fields
 *     ({@link io.tagstream.learner.model.OwnTagTerm})
 * @param tagPrior whether a tag's logit also has a learnt term that is the same for all users
 *     ({@link io.tagstream.learner.model.TagPriorTerm})
 * @param multiTask sizes of the multi-task networks
 */
public record ModelConfig(
    Network network,
    int dimension,
    List<Integer> hidden,
    Map<String, Set<Integer>> experts,
    boolean fixedScale,
    boolean ownTags,
    boolean tagPrior,
    MultiTask multiTask)
    implements Serializable {

  public ModelConfig {
    Objects.requireNonNull(network, "network");
    Rules.require(dimension > 0, "model.dimension", dimension, "must be positive");
    hidden = layers("model.hidden", hidden);
    Map<String, Set<Integer>> copy = new HashMap<>();
    experts.forEach((task, set) -> copy.put(task, Set.copyOf(set)));
    experts = Map.copyOf(copy);
    for (Map.Entry<String, Set<Integer>> entry : experts.entrySet()) {
      Rules.require(
          !entry.getValue().isEmpty() && entry.getValue().stream().allMatch(e -> e >= 0),
          "model.experts." + entry.getKey(),
          entry.getValue(),
          "a task needs experts, numbered from 0");
    }
  }

  /** MVKE with own tags. */
  public static ModelConfig defaults() {
    return of(Network.MVKE);
  }

  /** A network with the default sizes. */
  public static ModelConfig of(Network network) {
    return new ModelConfig(
        network, 64, List.of(64), Map.of(), false, true, true, MultiTask.defaults());
  }

  /** The same network with other sizes. */
  public ModelConfig withSizes(int newDimension, List<Integer> newHidden) {
    return new ModelConfig(
        network, newDimension, newHidden, experts, fixedScale, ownTags, tagPrior, multiTask);
  }

  /** The same with or without the term of own tags. */
  public ModelConfig withOwnTags(boolean own) {
    return new ModelConfig(
        network, dimension, hidden, experts, fixedScale, own, tagPrior, multiTask);
  }

  /** The same with or without the term of tags alone. */
  public ModelConfig withTagPrior(boolean prior) {
    return new ModelConfig(
        network, dimension, hidden, experts, fixedScale, ownTags, prior, multiTask);
  }

  /** The same with other sizes of the multi-task networks. */
  public ModelConfig withMultiTask(MultiTask value) {
    return new ModelConfig(
        network, dimension, hidden, experts, fixedScale, ownTags, tagPrior, value);
  }

  /** The same with other experts of MVKE. */
  public ModelConfig withExperts(Map<String, Set<Integer>> value) {
    return new ModelConfig(
        network, dimension, hidden, value, fixedScale, ownTags, tagPrior, multiTask);
  }

  /**
   * Sizes of the networks that score a user and a tag together, {@code [user; tag] → experts →
   * towers}.
   *
   * @param sharedExperts experts of all tasks (MoE, MMoE, PLE)
   * @param taskExperts experts of each task's own (PLE)
   * @param levels extraction levels (PLE); 1 is CGC
   * @param tower hidden layer sizes of each task's tower
   * @param sequencePenalty AITM: weight of what a task's probability exceeds its predecessor's
   */
  public record MultiTask(
      int sharedExperts, int taskExperts, int levels, List<Integer> tower, float sequencePenalty)
      implements Serializable {

    public MultiTask {
      Rules.require(sharedExperts > 0, "model.shared-experts", sharedExperts, "must be positive");
      Rules.require(taskExperts > 0, "model.task-experts", taskExperts, "must be positive");
      Rules.require(levels > 0, "model.levels", levels, "must be positive");
      tower = layers("model.tower", tower);
      Rules.require(
          sequencePenalty >= 0 && Float.isFinite(sequencePenalty),
          "model.sequence-penalty",
          sequencePenalty,
          "must not be negative");
    }

    /** Three shared experts, one of each task's own, one level; the penalty of AITM's paper. */
    public static MultiTask defaults() {
      return new MultiTask(3, 1, 1, List.of(32), 0.6f);
    }
  }

  private static List<Integer> layers(String key, List<Integer> sizes) {
    List<Integer> copy = List.copyOf(sizes);
    for (int size : copy) {
      Rules.require(size > 0, key, copy, "every layer size must be positive");
    }
    return copy;
  }
}

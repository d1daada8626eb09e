package io.tagstream.learner;

import java.io.Serializable;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

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
 * @param dtn units and sizes of DTN
 */
public record ModelConfig(
    Network network,
    int dimension,
    List<Integer> hidden,
    Map<String, Set<Integer>> experts,
    boolean fixedScale,
    boolean ownTags,
    boolean tagPrior,
    MultiTask multiTask,
    Dtn dtn)
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

  /** MVKE with own tags and the tags' prior. */
  public static ModelConfig defaults() {
    return of(Network.MVKE);
  }

  /** A network with the default sizes. */
  public static ModelConfig of(Network network) {
    return new ModelConfig(
        network,
        64,
        List.of(64),
        Map.of(),
        false,
        true,
        true,
        MultiTask.defaults(),
        Dtn.defaults());
  }

  /** The same network with other sizes. */
  public ModelConfig withSizes(int newDimension, List<Integer> newHidden) {
    return with(
        draft -> {
          draft.dimension = newDimension;
          draft.hidden = newHidden;
        });
  }

  /** The same with or without the term of own tags. */
  public ModelConfig withOwnTags(boolean value) {
    return with(draft -> draft.ownTags = value);
  }

  /** The same with or without the term of tags alone. */
  public ModelConfig withTagPrior(boolean value) {
    return with(draft -> draft.tagPrior = value);
  }

  /** The same with other experts of MVKE. */
  public ModelConfig withExperts(Map<String, Set<Integer>> value) {
    return with(draft -> draft.experts = value);
  }

  /** The same with other sizes of the multi-task networks. */
  public ModelConfig withMultiTask(MultiTask value) {
    return with(draft -> draft.multiTask = value);
  }

  /** The same with other units or sizes of DTN. */
  public ModelConfig withDtn(Dtn value) {
    return with(draft -> draft.dtn = value);
  }

  private ModelConfig with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.build();
  }

  /** What may be changed of a configuration. */
  private static final class Draft {
    private final ModelConfig from;
    private int dimension;
    private List<Integer> hidden;
    private Map<String, Set<Integer>> experts;
    private boolean ownTags;
    private boolean tagPrior;
    private MultiTask multiTask;
    private Dtn dtn;

    Draft(ModelConfig from) {
      this.from = from;
      dimension = from.dimension;
      hidden = from.hidden;
      experts = from.experts;
      ownTags = from.ownTags;
      tagPrior = from.tagPrior;
      multiTask = from.multiTask;
      dtn = from.dtn;
    }

    ModelConfig build() {
      return new ModelConfig(
          from.network,
          dimension,
          hidden,
          experts,
          from.fixedScale,
          ownTags,
          tagPrior,
          multiTask,
          dtn);
    }
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

  /**
   * Feature interactions of DTN, which reads neither {@code dimension} nor {@code hidden}: its
   * units have sizes of their own, and its towers are those of {@link MultiTask}.
   *
   * @param units what each interaction module has
   * @param trimmed units that single modules go without, by task name or {@link Dtn#SHARED}
   * @param output size of what a unit gives out
   * @param gdcn gated cross layers
   * @param maskNet sizes of the mask block
   * @param memoNet memories of crossed features
   * @param stopGradient whether a task's loss leaves the probability of the task before it alone
   */
  public record Dtn(
      List<Unit> units,
      Map<String, List<Unit>> trimmed,
      int output,
      Gdcn gdcn,
      MaskNet maskNet,
      MemoNet memoNet,
      boolean stopGradient)
      implements Serializable {

    /** Name of the module of all tasks. */
    public static final String SHARED = "shared";

    public Dtn {
      units = List.copyOf(units);
      Rules.require(
          !units.isEmpty() && Set.copyOf(units).size() == units.size(),
          "model.dtn.units",
          units,
          "must name at least one unit, each once");
      // Sorted: a checkpoint names its structure in words that compare.
      TreeMap<String, List<Unit>> sorted = new TreeMap<>();
      trimmed.forEach((module, list) -> sorted.put(module, List.copyOf(list)));
      trimmed = Collections.unmodifiableSortedMap(sorted);
      for (Map.Entry<String, List<Unit>> entry : trimmed.entrySet()) {
        Rules.require(
            !entry.getValue().containsAll(units),
            "model.dtn.trimmed." + entry.getKey(),
            entry.getValue(),
            "leaves the module without a unit");
      }
      positive("output", output);
    }

    /** All units, an eighth of the paper's output size; pairs with the tag. */
    public static Dtn defaults() {
      return new Dtn(
          List.of(Unit.values()),
          Map.of(),
          64,
          new Gdcn(2, 32),
          new MaskNet(128, 64),
          new MemoNet(2, 4096, 2, false, Restoring.LMR, List.of()),
          false);
    }

    /** The units of a module, by task name or {@link #SHARED}. */
    public List<Unit> unitsOf(String module) {
      List<Unit> without = trimmed.getOrDefault(module, List.of());
      return units.stream().filter(unit -> !without.contains(unit)).toList();
    }

    /** Ways to let features interact. */
    public enum Unit {
      /** Gated deep cross network. */
      GDCN,
      /** Masks made from the instance. */
      MASKNET,
      /** Memories of crossed features. */
      MEMONET;

      /** The name in configuration. */
      public String configName() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    /** How MemoNet makes one vector of the words a crossed feature was hashed to. */
    public enum Restoring {
      /** Linear memory restoring: a linear map. */
      LMR,
      /** Attentive memory restoring: weighted by the pair's own embeddings before it. */
      AMR
    }

    /**
     * GDCN.
     *
     * @param layers gated cross layers
     * @param rank of each cross and gate matrix, as a product of two; 0 for full matrices
     */
    public record Gdcn(int layers, int rank) implements Serializable {
      public Gdcn {
        positive("cross-layers", layers);
        Rules.require(rank >= 0, "model.dtn.cross-rank", rank, "must not be negative");
      }
    }

    /**
     * MaskNet.
     *
     * @param mask width of the layer that makes masks
     * @param block width of the block
     */
    public record MaskNet(int mask, int block) implements Serializable {
      public MaskNet {
        positive("mask-width", mask);
        positive("block-width", block);
      }
    }

    /**
     * MemoNet.
     *
     * @param nets memories of a unit (HCNets), each with its own codebook
     * @param words of a codebook
     * @param functions hash functions of a memory
     * @param codebookPerFunction whether each function has words of its own
     * @param restoring how words become a vector
     * @param keyFields a pair of fields is crossed when one of them is among these; user fields are
     *     numbered from 0, the tag follows the last of them; empty for the tag alone
     */
    public record MemoNet(
        int nets,
        int words,
        int functions,
        boolean codebookPerFunction,
        Restoring restoring,
        List<Integer> keyFields)
        implements Serializable {
      public MemoNet {
        positive("hcnets", nets);
        positive("codebook-words", words);
        positive("hash-functions", functions);
        Objects.requireNonNull(restoring, "restoring");
        keyFields = List.copyOf(keyFields);
        Rules.require(
            keyFields.stream().allMatch(field -> field >= 0)
                && Set.copyOf(keyFields).size() == keyFields.size(),
            "model.dtn.key-fields",
            keyFields,
            "must be different fields, numbered from 0");
      }
    }

    private static void positive(String key, int value) {
      Rules.require(value > 0, "model.dtn." + key, value, "must be positive");
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

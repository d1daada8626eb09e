package io.tagstream.learner;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which network, and its sizes.
 *
 * @param network which one
 * @param dimension size {@code d} of user and tag vectors; of what an expert or bottom gives out;
 *     hidden size of CTMVM's maps and gates
 * @param hidden hidden layer sizes of the towers and of each expert or bottom
 * @param experts MVKE: experts of each task by task name, numbered from 0, every number up to the
 *     largest used; empty for the default of the number of tasks
 * @param fixedScale two-tower and MVKE: true for {@code σ(cos)} as printed in the paper, false to
 *     learn scale and bias per task
 * @param ownTags whether a tag's logit also has a learnt term for standing in the user's own fields
 *     ({@link io.tagstream.learner.model.OwnTagTerm})
 * @param tagPrior whether a tag's logit also has a learnt term that is the same for all users
 *     ({@link io.tagstream.learner.model.TagPriorTerm})
 * @param calibration whether a learnt constant has each task's probabilities agree with the rate of
 *     its labels ({@link io.tagstream.learner.model.CalibrationTerm})
 * @param multiTask sizes of the multi-task networks
 * @param dtn units and sizes of DTN
 * @param ctmvm how CTMVM maps tags to privileged fields
 * @param cwtm how CWTM masks an item's tags
 * @param combined what the combination adds to MVKE, besides {@code ctmvm}'s mapping
 * @param mkt between which kinds of items MKT and the combination transfer, and how
 */
public record ModelConfig(
    Network network,
    int dimension,
    List<Integer> hidden,
    Map<String, Set<Integer>> experts,
    boolean fixedScale,
    boolean ownTags,
    boolean tagPrior,
    boolean calibration,
    MultiTask multiTask,
    DtnConfig dtn,
    Ctmvm ctmvm,
    Cwtm cwtm,
    Combined combined,
    MktConfig mkt)
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

  /** MVKE with all terms beside it. */
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
        true,
        MultiTask.defaults(),
        DtnConfig.defaults(),
        Ctmvm.defaults(),
        Cwtm.defaults(),
        Combined.defaults(),
        MktConfig.defaults());
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

  /** The same with or without the term of calibration. */
  public ModelConfig withCalibration(boolean value) {
    return with(draft -> draft.calibration = value);
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
  public ModelConfig withDtn(DtnConfig value) {
    return with(draft -> draft.dtn = value);
  }

  /** The same with other mappings of CTMVM. */
  public ModelConfig withCtmvm(Ctmvm value) {
    return with(draft -> draft.ctmvm = value);
  }

  /** The same with another masking of CWTM. */
  public ModelConfig withCwtm(Cwtm value) {
    return with(draft -> draft.cwtm = value);
  }

  /** The same with other parts of the combination. */
  public ModelConfig withCombined(Combined value) {
    return with(draft -> draft.combined = value);
  }

  /** The same with another transfer of MKT. */
  public ModelConfig withMkt(MktConfig value) {
    return with(draft -> draft.mkt = value);
  }

  /** Whether this network tells kinds of items apart. */
  public boolean readsEntities() {
    return network == Network.MKT || (network == Network.COMBINED && combined.transfer());
  }

  /** Whether this network reads a user field as a sequence. */
  public boolean readsSequence() {
    return network == Network.MKT;
  }

  /** Whether this network, so configured, reads the items' privileged fields in training. */
  public boolean readsPrivileged() {
    return network.readsPrivileged() && (network == Network.MKT || ctmvm.mapping() != Mapping.NONE);
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
    private boolean calibration;
    private MultiTask multiTask;
    private DtnConfig dtn;
    private Ctmvm ctmvm;
    private Cwtm cwtm;
    private Combined combined;
    private MktConfig mkt;

    Draft(ModelConfig from) {
      this.from = from;
      dimension = from.dimension;
      hidden = from.hidden;
      experts = from.experts;
      ownTags = from.ownTags;
      tagPrior = from.tagPrior;
      calibration = from.calibration;
      multiTask = from.multiTask;
      dtn = from.dtn;
      ctmvm = from.ctmvm;
      cwtm = from.cwtm;
      combined = from.combined;
      mkt = from.mkt;
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
          calibration,
          multiTask,
          dtn,
          ctmvm,
          cwtm,
          combined,
          mkt);
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

  /** What stands in CTMVM's tower for the privileged fields that a profile does not know. */
  public enum Mapping {
    /** Nothing: the tower sees user and tag. */
    NONE,
    /** Privileged knowledge mapping: one map from the tag to all fields together. */
    PKM,
    /** Adaptive multi-view mapping: several maps per field, aggregated for user and tag. */
    AMVM
  }

  /**
   * CTMVM's privileged knowledge.
   *
   * @param mapping what stands for the privileged fields
   * @param views AMVM: maps per field, {@code N}
   * @param rho weight {@code ρ} of the mapping loss
   * @param supplementary whether a second network learns labels from the privileged fields
   *     themselves, and with that their embeddings
   */
  public record Ctmvm(Mapping mapping, int views, float rho, boolean supplementary)
      implements Serializable {

    public Ctmvm {
      Objects.requireNonNull(mapping, "mapping");
      Rules.require(views > 0, "model.ctmvm.views", views, "must be positive");
      Rules.require(
          rho >= 0 && Float.isFinite(rho), "model.ctmvm.rho", rho, "must not be negative");
    }

    /** Four views and ρ 0.05, the paper's for MovieLens. */
    public static Ctmvm defaults() {
      return new Ctmvm(Mapping.AMVM, 4, 0.05f, true);
    }
  }

  /** How the one tag of an item is drawn that CWTM sees. */
  public enum Masking {
    /** RMM: uniformly. */
    RANDOM,
    /** WMM: by the scores of an importance network. */
    WEIGHTED
  }

  /**
   * CWTM's tag masking.
   *
   * @param masking how the tag that stays is drawn
   * @param contrast weight {@code λ} of the contrast with all tags of the item; 0 for none
   * @param temperature {@code τ} of the contrast
   */
  public record Cwtm(Masking masking, float contrast, float temperature) implements Serializable {

    public Cwtm {
      Objects.requireNonNull(masking, "masking");
      Rules.require(
          contrast >= 0 && Float.isFinite(contrast),
          "model.cwtm.contrast",
          contrast,
          "must not be negative");
      Rules.requirePositive("model.cwtm.temperature", temperature);
    }

    /** Weighted, with some contrast. */
    public static Cwtm defaults() {
      return new Cwtm(Masking.WEIGHTED, 0.1f, 0.2f);
    }
  }

  /**
   * What the combination has besides MVKE's towers and {@link Ctmvm}'s mapping.
   *
   * @param units of DTN on the fields that each expert weighs; empty for none
   * @param transfer whether users gain what MKT's first stage knows of all kinds of items, as
   *     {@link MktConfig} has it
   */
  public record Combined(List<DtnConfig.Unit> units, boolean transfer) implements Serializable {

    public Combined {
      units = List.copyOf(units);
      Rules.require(
          Set.copyOf(units).size() == units.size(),
          "model.combined.units",
          units,
          "must name each unit once");
    }

    /** Crosses and masks, as memories need key fields; no transfer, as it needs several kinds. */
    public static Combined defaults() {
      return new Combined(List.of(DtnConfig.Unit.GDCN, DtnConfig.Unit.MASKNET), false);
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

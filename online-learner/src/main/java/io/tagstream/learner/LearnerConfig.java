package io.tagstream.learner;

import static io.tagstream.learner.Rules.require;
import static io.tagstream.learner.Rules.requirePositive;

import io.tagstream.schemas.Task;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Everything the learner is configured with. Values are validated on construction; a message names
 * the setting's key, its value and the rule.
 *
 * @param name what the model is called in profiles, metrics and snapshots; as its network, unless
 *     several models of a job need names of their own
 * @param tasks the tasks in configured order; every label array follows it
 * @param userFields number of user fields {@code F} of a sample; set by the feature schema
 * @param privilegedFields number of privileged fields {@code P} of a sample; set by the feature
 *     schema
 * @param seed seed of every initial weight and every random choice of the learner
 * @param model which network, and its sizes
 * @param embedding embedding rows: size, life and learning rate
 * @param optimizer dense optimiser (Adam) and the bound that guards it
 * @param batch how samples become micro-batches
 * @param stage STAN's stage head and its weights
 * @param negatives extra rows with tags that were not shown
 * @param scoring what is scored for a profile
 * @param device where tensors live: {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}
 * @param nativeThreads threads of one native operation on the CPU
 * @param metricsInterval how often progressive validation is reported
 */
public record LearnerConfig(
    String name,
    List<Task> tasks,
    int userFields,
    int privilegedFields,
    long seed,
    ModelConfig model,
    Embedding embedding,
    Optimizer optimizer,
    Batch batch,
    Stage stage,
    Negatives negatives,
    Scoring scoring,
    String device,
    int nativeThreads,
    Duration metricsInterval)
    implements Serializable {

  /** Name of the output that sampled negatives train. */
  public static final String RETRIEVAL = "retrieval";

  public LearnerConfig {
    // It is part of operators' ids and of the names of folders.
    require(name.matches("[a-z0-9+-]{1,80}"), "learner.models", name, "must be a-z, 0-9, + and -");
    tasks = List.copyOf(tasks);
    require(!tasks.isEmpty(), "tasks", tasks, "at least one task is needed");
    Set<String> names = new HashSet<>();
    for (Task task : tasks) {
      require(names.add(task.name()), "tasks", task.name(), "task names must be unique");
      require(
          !task.name().equals(RETRIEVAL),
          "tasks",
          task.name(),
          "is the output that negatives.per-impression trains; call the task otherwise");
    }
    require(userFields > 0, "learner.user-fields", userFields, "must be positive");
    require(
        privilegedFields >= 0,
        "learner.privileged-fields",
        privilegedFields,
        "must not be negative");
    requireFieldsOf(model, userFields, privilegedFields);
    require(
        device.matches("auto|cpu|gpu|gpu:\\d+"),
        "learner.device",
        device,
        "must be auto, cpu, gpu or gpu:N");
    require(nativeThreads > 0, "learner.native-threads", nativeThreads, "must be positive");
    requirePositive("learner.metrics-interval", metricsInterval);
    for (Map.Entry<String, Set<Integer>> entry : model.experts().entrySet()) {
      require(
          names.contains(entry.getKey()),
          "model.experts",
          entry.getKey(),
          "names no configured task " + names);
    }
  }

  private static void requireFieldsOf(ModelConfig model, int userFields, int privilegedFields) {
    boolean given = privilegedFields > 0 || !model.readsPrivileged();
    require(
        given || model.network() == Network.MKT,
        "model.ctmvm.mapping",
        model.ctmvm().mapping().name().toLowerCase(Locale.ROOT),
        "maps tags to privileged fields, and there are none: name them in features.privileged, or"
            + " set model.ctmvm.mapping to none");
    require(
        given,
        "model.name",
        model.network().configName(),
        "aligns privileged fields of different kinds of items, and there are none: name them in"
            + " features.privileged, or choose another model");
    require(
        !model.readsSequence() || model.mkt().sequenceField() < userFields,
        "model.mkt.sequence-field",
        model.mkt().sequenceField(),
        "must be one of " + userFields + " user fields, numbered from 0");
  }

  /**
   * What a network puts out, in order: the tasks, and behind them {@link #RETRIEVAL} where sampled
   * negatives have an output of their own. It is trained by the labels of the first task.
   */
  public List<String> outputs() {
    List<String> outputs = new ArrayList<>(tasks.stream().map(Task::name).toList());
    if (negatives.trainRetrieval()) {
      outputs.add(RETRIEVAL);
    }
    return List.copyOf(outputs);
  }

  /** The task whose labels train an output. */
  public int taskOf(int output) {
    return output < tasks.size() ? output : 0;
  }

  /** The output that ranks all tags by a task: retrieval, where it is trained by that task. */
  public int rankingOutput(int task) {
    return task == 0 && negatives.trainRetrieval() ? tasks.size() : task;
  }

  /** The defaults for the given tasks and number of user fields. */
  public static LearnerConfig defaults(List<Task> tasks, int userFields) {
    return new LearnerConfig(
        ModelConfig.defaults().network().configName(),
        tasks,
        userFields,
        0,
        42L,
        ModelConfig.defaults(),
        Embedding.defaults(),
        Optimizer.defaults(),
        Batch.defaults(),
        Stage.defaults(),
        Negatives.defaults(),
        Scoring.defaults(),
        "auto",
        1,
        Duration.ofSeconds(10));
  }

  /** The default tasks (conversion type {@code purchase}) with twelve user fields. */
  public static LearnerConfig defaults() {
    return defaults(Task.defaults(Set.of("purchase")), 12);
  }

  /** This configuration for other data: its tasks, user fields and privileged fields. */
  public LearnerConfig withData(List<Task> newTasks, int newUserFields, int newPrivilegedFields) {
    return with(
        draft -> {
          draft.tasks = newTasks;
          draft.userFields = newUserFields;
          draft.privilegedFields = newPrivilegedFields;
        });
  }

  /** This configuration with another model, which is called as its network. */
  public LearnerConfig withModel(ModelConfig value) {
    return with(
        draft -> {
          draft.model = value;
          draft.name = value.network().configName();
        });
  }

  /** This configuration with another name. */
  public LearnerConfig withName(String value) {
    return with(draft -> draft.name = value);
  }

  /** This configuration with other embedding rows. */
  public LearnerConfig withEmbedding(Embedding value) {
    return with(draft -> draft.embedding = value);
  }

  /** This configuration with another optimiser. */
  public LearnerConfig withOptimizer(Optimizer value) {
    return with(draft -> draft.optimizer = value);
  }

  /** This configuration with other batches. */
  public LearnerConfig withBatch(Batch value) {
    return with(draft -> draft.batch = value);
  }

  /** This configuration with other stage weights. */
  public LearnerConfig withStage(Stage value) {
    return with(draft -> draft.stage = value);
  }

  /** This configuration with other sampled negatives. */
  public LearnerConfig withNegatives(Negatives value) {
    return with(draft -> draft.negatives = value);
  }

  /** This configuration with other scoring. */
  public LearnerConfig withScoring(Scoring value) {
    return with(draft -> draft.scoring = value);
  }

  /** This configuration with another seed. */
  public LearnerConfig withSeed(long value) {
    return with(draft -> draft.seed = value);
  }

  private LearnerConfig with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.build();
  }

  /** What may be changed of a configuration. */
  private static final class Draft {
    private final LearnerConfig from;
    private String name;
    private List<Task> tasks;
    private int userFields;
    private int privilegedFields;
    private long seed;
    private ModelConfig model;
    private Embedding embedding;
    private Optimizer optimizer;
    private Batch batch;
    private Stage stage;
    private Negatives negatives;
    private Scoring scoring;

    Draft(LearnerConfig from) {
      this.from = from;
      name = from.name;
      tasks = from.tasks;
      userFields = from.userFields;
      privilegedFields = from.privilegedFields;
      seed = from.seed;
      model = from.model;
      embedding = from.embedding;
      optimizer = from.optimizer;
      batch = from.batch;
      stage = from.stage;
      negatives = from.negatives;
      scoring = from.scoring;
    }

    LearnerConfig build() {
      return new LearnerConfig(
          name,
          tasks,
          userFields,
          privilegedFields,
          seed,
          model,
          embedding,
          optimizer,
          batch,
          stage,
          negatives,
          scoring,
          from.device,
          from.nativeThreads,
          from.metricsInterval);
    }
  }

  /**
   * Embedding rows.
   *
   * @param dimension size of a row
   * @param learningRate of row-wise AdaGrad
   * @param epsilon added to the root of AdaGrad's accumulator
   * @param initialScale rows start uniform in {@code ±initialScale}
   * @param admissionCount a feature gets its row with this many sightings; 1 is at once
   * @param expiry a row not seen in training for so long, in event time, is dropped
   */
  public record Embedding(
      int dimension,
      float learningRate,
      float epsilon,
      float initialScale,
      int admissionCount,
      Duration expiry)
      implements Serializable {

    public Embedding {
      require(dimension > 0, "embedding.dimension", dimension, "must be positive");
      requirePositive("embedding.learning-rate", learningRate);
      requirePositive("embedding.epsilon", epsilon);
      requirePositive("embedding.initial-scale", initialScale);
      require(
          admissionCount > 0 && admissionCount <= 1 << 20,
          "embedding.admission-count",
          admissionCount,
          "must be between 1 and 1048576");
      require(
          expiry.toMinutes() > 0 && expiry.toDays() <= 3650,
          "embedding.expiry",
          expiry,
          "must be between a minute and 3650 days");
    }

    public static Embedding defaults() {
      return new Embedding(16, 0.1f, 1e-8f, 0.2f, 1, Duration.ofDays(60));
    }
  }

  /**
   * Adam on the dense parameters.
   *
   * @param learningRate step size
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the second moment (STAN: 1e-6)
   * @param gradientNormBound a batch whose gradient's L2 norm, dense parameters and rows together,
   *     exceeds it is not applied but quarantined
   */
  public record Optimizer(
      float learningRate, float beta1, float beta2, float epsilon, double gradientNormBound)
      implements Serializable {

    public Optimizer {
      requirePositive("optimizer.learning-rate", learningRate);
      require(beta1 >= 0 && beta1 < 1, "optimizer.beta1", beta1, "must be in [0, 1)");
      require(beta2 >= 0 && beta2 < 1, "optimizer.beta2", beta2, "must be in [0, 1)");
      requirePositive("optimizer.epsilon", epsilon);
      require(
          gradientNormBound > 0, "quarantine.gradient-norm", gradientNormBound, "must be positive");
    }

    public static Optimizer defaults() {
      return new Optimizer(3e-3f, 0.9f, 0.999f, 1e-6f, 1000.0);
    }
  }

  /** When a batch is trained. */
  public enum Mode {
    /** By count, by time and before each checkpoint. */
    FAST,
    /** In (knownAt, sample id) order by watermark, by count alone; a partial batch is state. */
    DETERMINISTIC
  }

  /** What a row of training sees of an item's tags. */
  public enum TagsInput {
    /** One of them: a row per tag, as a profile is scored; with Shapley weights. */
    SPLIT,
    /** The mean of their embeddings: a row per impression; Shapley weights do not apply. */
    POOLED
  }

  /** What an impression with {@code L} tags weighs when it is split into one row per tag. */
  public enum SplitNormalise {
    /** {@code L}, as in the paper. */
    NONE,
    /** 1. */
    IMPRESSION
  }

  /**
   * How samples become micro-batches.
   *
   * @param mode when a batch is trained
   * @param size impressions of a batch
   * @param flushInterval {@link Mode#FAST}: a batch waits no longer than this, in processing time
   * @param tagsInput whether an impression with several tags is a row per tag or one
   * @param splitNormalise weight of an impression with several tags, when it is split
   */
  public record Batch(
      Mode mode,
      int size,
      Duration flushInterval,
      TagsInput tagsInput,
      SplitNormalise splitNormalise)
      implements Serializable {

    public Batch {
      Objects.requireNonNull(mode, "mode");
      Objects.requireNonNull(tagsInput, "tagsInput");
      Objects.requireNonNull(splitNormalise, "splitNormalise");
      require(size > 0, "batch.size", size, "must be positive");
      requirePositive("batch.flush-interval", flushInterval);
    }

    public static Batch defaults() {
      return new Batch(Mode.FAST, 512, Duration.ofMillis(50), TagsInput.SPLIT, SplitNormalise.NONE);
    }

    /** The same with another input of tags. */
    public Batch withTagsInput(TagsInput value) {
      return new Batch(mode, size, flushInterval, value, splitNormalise);
    }
  }

  /** What weighs a task's loss. */
  public enum Gamma {
    /** A draw from the user's Beta distribution. */
    SAMPLE,
    /** Its mean. */
    MEAN,
    /** The stage head's prediction ("w/o Beta"). */
    PREDICTION,
    /** 1; the stage head is neither run nor trained. */
    OFF
  }

  /** Whether weights of a task keep their mean. */
  public enum StageNormalise {
    /** As in the paper. */
    NONE,
    /** Divided by their running mean per task. */
    TASK_MEAN
  }

  /** Algorithm 1's order for one row. */
  public enum StageOrder {
    /** The paper's order of lines. */
    UPDATE_THEN_DRAW,
    DRAW_THEN_UPDATE
  }

  /**
   * STAN's stage weights.
   *
   * @param gamma what weighs a task's loss
   * @param normalise whether weights of a task keep their mean
   * @param order whether a row's own prediction enters its draw
   * @param halfLife decay of α−1, β−1 and c in event time; zero is off, as in the paper
   */
  public record Stage(Gamma gamma, StageNormalise normalise, StageOrder order, Duration halfLife)
      implements Serializable {

    public Stage {
      Objects.requireNonNull(gamma, "gamma");
      Objects.requireNonNull(normalise, "normalise");
      Objects.requireNonNull(order, "order");
      require(!halfLife.isNegative(), "stage.half-life", halfLife, "must not be negative");
    }

    public static Stage defaults() {
      return new Stage(
          Gamma.SAMPLE, StageNormalise.NONE, StageOrder.UPDATE_THEN_DRAW, Duration.ZERO);
    }
  }

  /** What sampled negatives train. */
  public enum NegativesOutput {
    /**
     * An output of its own, which learns which tag is taken among all: the positives of the first
     * task against sampled tags. The tasks keep to what was shown, and stay calibrated.
     */
    RETRIEVAL,
    /** The tasks, whose probabilities then are of a world with these negatives in it. */
    TASKS
  }

  /**
   * Tags that were not shown, as negatives of impressions with a positive label. Impressions alone
   * teach P(label | shown); a profile that ranks over all tags needs these.
   *
   * @param perImpression sampled uniformly over the vocabulary for each such impression; 0 is off
   * @param weight of one sampled row against one real row. Uniform sampling shifts every tag's
   *     logit by the same {@code −ln(perImpression·weight/T)}, so ranking needs no log-Q term
   * @param output what they train
   */
  public record Negatives(int perImpression, float weight, NegativesOutput output)
      implements Serializable {

    public Negatives {
      require(
          perImpression >= 0 && perImpression <= 1000,
          "negatives.per-impression",
          perImpression,
          "must be between 0 and 1000");
      requirePositive("negatives.weight", weight);
    }

    public static Negatives defaults() {
      return new Negatives(0, 1f, NegativesOutput.RETRIEVAL);
    }

    /** Whether there are any, and they have an output of their own. */
    public boolean trainRetrieval() {
      return perImpression > 0 && output == NegativesOutput.RETRIEVAL;
    }
  }

  /**
   * What is scored for a profile.
   *
   * @param topK tags per task in a profile
   * @param margin further candidates per task, for the sink's hysteresis
   * @param vocabularyCap the first so many tags seen in training are scored
   * @param deniedTags tags never scored
   * @param sweepInterval event time after which a silent user is scored again; 0 for never
   * @param defaultProfile what a user gets of whom nothing was learnt yet
   * @param popularityHalfLife event time in which a positive loses half its weight in popularity
   */
  public record Scoring(
      int topK,
      int margin,
      int vocabularyCap,
      Set<String> deniedTags,
      Duration sweepInterval,
      DefaultProfile defaultProfile,
      Duration popularityHalfLife)
      implements Serializable {

    /** What is said of a user of whom nothing is known. */
    public enum DefaultProfile {
      /** Nothing, until the first positive. */
      NONE,
      /** The tags that the positives of all users carry. */
      POPULARITY
    }

    public Scoring {
      require(topK > 0, "profiles.top-k", topK, "must be positive");
      require(margin >= 0, "profiles.margin", margin, "must not be negative");
      require(vocabularyCap > 0, "profiles.vocabulary-cap", vocabularyCap, "must be positive");
      require(
          !sweepInterval.isNegative(),
          "profiles.sweep-interval",
          sweepInterval,
          "must not be negative; 0 never sweeps");
      require(
          popularityHalfLife.toMillis() > 0,
          "profiles.popularity-half-life",
          popularityHalfLife,
          "must be at least a millisecond");
      deniedTags = Set.copyOf(deniedTags);
    }

    /** Candidates scored per task. */
    public int candidates() {
      return topK + margin;
    }

    public static Scoring defaults() {
      return new Scoring(
          50, 10, 100_000, Set.of(), Duration.ofHours(6), DefaultProfile.NONE, Duration.ofDays(7));
    }
  }
}

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
    EmbeddingConfig embedding,
    OptimizerConfig optimizer,
    BatchConfig batch,
    StageConfig stage,
    NegativesConfig negatives,
    ScoringConfig scoring,
    String device,
    int nativeThreads,
    Duration metricsInterval)
    implements Serializable {

  /** Most characters of a model's name. */
  public static final int LONGEST_NAME = 80;

  /** Name of the output that sampled negatives train. */
  public static final String RETRIEVAL = "retrieval";

  public LearnerConfig {
    // It is part of operators' ids and of the names of folders.
    require(
        name.matches("[a-z0-9+-]+") && name.length() <= LONGEST_NAME,
        "learner.models",
        name,
        "must be of a-z, 0-9, + and -, at most " + LONGEST_NAME);
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
        EmbeddingConfig.defaults(),
        OptimizerConfig.defaults(),
        BatchConfig.defaults(),
        StageConfig.defaults(),
        NegativesConfig.defaults(),
        ScoringConfig.defaults(),
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
  public LearnerConfig withEmbedding(EmbeddingConfig value) {
    return with(draft -> draft.embedding = value);
  }

  /** This configuration with another optimiser. */
  public LearnerConfig withOptimizer(OptimizerConfig value) {
    return with(draft -> draft.optimizer = value);
  }

  /** This configuration with other batches. */
  public LearnerConfig withBatch(BatchConfig value) {
    return with(draft -> draft.batch = value);
  }

  /** This configuration with other stage weights. */
  public LearnerConfig withStage(StageConfig value) {
    return with(draft -> draft.stage = value);
  }

  /** This configuration with other sampled negatives. */
  public LearnerConfig withNegatives(NegativesConfig value) {
    return with(draft -> draft.negatives = value);
  }

  /** This configuration with other scoring. */
  public LearnerConfig withScoring(ScoringConfig value) {
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
    private EmbeddingConfig embedding;
    private OptimizerConfig optimizer;
    private BatchConfig batch;
    private StageConfig stage;
    private NegativesConfig negatives;
    private ScoringConfig scoring;

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
}

package io.tagstream.launcher.config;

import io.tagstream.learner.BatchConfig;
import io.tagstream.learner.EmbeddingConfig;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.NegativesConfig;
import io.tagstream.learner.Network;
import io.tagstream.learner.OptimizerConfig;
import io.tagstream.learner.ScoringConfig;
import io.tagstream.learner.StageConfig;
import io.tagstream.learner.snapshot.SnapshotConfig;
import io.tagstream.schemas.Task;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Sections {@code model}, {@code embedding}, {@code optimizer}, {@code batch}, {@code learner}. */
final class LearnerOptions {

  private static final LearnerConfig DEFAULTS = LearnerConfig.defaults();

  static final Setting<Network> MODEL =
      Setting.choice("model.name", Network.class, DEFAULTS.model().network(), "Which network.");
  static final Setting<List<String>> MODELS =
      Setting.texts(
          "learner.models",
          List.of(),
          "Several models that learn from the same samples, as in [two-tower, mvke+gamma-off]:"
              + " networks, varied as `tagstream evaluate --models` varies them. The first"
              + " publishes until `tagstream promote` names another; empty for model.name alone.");
  static final Setting<Integer> DIMENSION =
      Setting.integer(
          "model.dimension",
          DEFAULTS.model().dimension(),
          "Size of user and tag vectors, and of what an expert gives out; ctmvm, combined: hidden"
              + " size of maps and gates; mkt: of what its extractors give out, the paper's 512.");
  static final Setting<List<Integer>> HIDDEN =
      Setting.integers(
          "model.hidden",
          DEFAULTS.model().hidden(),
          "Hidden layers of the towers, and of each expert or bottom; ctmvm's paper has [128, 64],"
              + " mkt's [1024] before the 512.");
  static final Setting<Map<String, String>> EXPERTS =
      Setting.textMap(
          "model.experts",
          Map.of(),
          "mvke, combined: experts of each task by task name, numbered from 0; empty for the default of the"
              + " number of tasks.");
  static final Setting<Boolean> FIXED_SCALE =
      Setting.flag(
          "model.fixed-scale",
          DEFAULTS.model().fixedScale(),
          "two-tower, mvke: true for the cosine as printed in the paper (and model.calibration: false),"
              + " false to learn scale and bias per task.");

  static final Setting<Boolean> OWN_TAGS =
      Setting.flag(
          "model.own-tags",
          DEFAULTS.model().ownTags(),
          "true to let a tag's score also depend on whether it is among the user's own last and most"
              + " clicked tags; false for the towers alone, as in the papers.");

  static final Setting<Boolean> TAG_PRIOR =
      Setting.flag(
          "model.tag-prior",
          DEFAULTS.model().tagPrior(),
          "true to let a tag's score also depend on the tag alone, as how popular it is; false for"
              + " the towers alone, as in the papers.");

  static final Setting<Boolean> CALIBRATION =
      Setting.flag(
          "model.calibration",
          DEFAULTS.model().calibration(),
          "true to shift each task's log-odds by a learnt constant, so that probabilities agree with"
              + " labels on the whole, whatever stages, tags and negatives weigh (retrieval gets"
              + " none); false for the networks alone, as in the papers.");

  static final Setting<Integer> SHARED_EXPERTS =
      Setting.integer(
          "model.shared-experts",
          DEFAULTS.model().multiTask().sharedExperts(),
          "moe, mmoe, ple: experts of all tasks; mkt: of all kinds of items.");
  static final Setting<Integer> TASK_EXPERTS =
      Setting.integer(
          "model.task-experts",
          DEFAULTS.model().multiTask().taskExperts(),
          "ple: experts of each task's own; mkt: of the target's and the sources' own.");
  static final Setting<Integer> LEVELS =
      Setting.integer(
          "model.levels",
          DEFAULTS.model().multiTask().levels(),
          "ple, mkt: extraction levels; 1 is CGC.");
  static final Setting<List<Integer>> TOWER =
      Setting.integers(
          "model.tower",
          DEFAULTS.model().multiTask().tower(),
          "single-task, shared-bottom, moe, mmoe, ple, aitm, dtn, mkt: hidden layers of each task's"
              + " tower; mkt's paper has [64].");
  static final Setting<Double> SEQUENCE_PENALTY =
      decimal(
          "model.sequence-penalty",
          DEFAULTS.model().multiTask().sequencePenalty(),
          "aitm: weight of what a task's probability exceeds that of the task before it; 0 where"
              + " tasks are no sequence.");

  static final Setting<Integer> EMBEDDING_DIMENSION =
      Setting.integer(
          "embedding.dimension", DEFAULTS.embedding().dimension(), "Size of an embedding row.");
  static final Setting<Double> EMBEDDING_RATE =
      decimal("embedding.learning-rate", DEFAULTS.embedding().learningRate(), "AdaGrad's step.");
  static final Setting<Double> EMBEDDING_EPSILON =
      decimal(
          "embedding.epsilon",
          DEFAULTS.embedding().epsilon(),
          "Added to the root of AdaGrad's accumulator.");
  static final Setting<Double> INITIAL_SCALE =
      decimal(
          "embedding.initial-scale",
          DEFAULTS.embedding().initialScale(),
          "Rows start uniform between minus and plus this.");
  static final Setting<Integer> ADMISSION =
      Setting.integer(
          "embedding.admission-count",
          DEFAULTS.embedding().admissionCount(),
          "Sightings after which a feature gets a row.");
  static final Setting<Duration> EXPIRY =
      Setting.duration(
          "embedding.expiry",
          DEFAULTS.embedding().expiry(),
          "Silence, in event time, after which a row is dropped.");

  static final Setting<Double> RATE =
      decimal("optimizer.learning-rate", DEFAULTS.optimizer().learningRate(), "Adam's step.");
  static final Setting<Double> BETA1 =
      decimal("optimizer.beta1", DEFAULTS.optimizer().beta1(), "Decay of Adam's first moment.");
  static final Setting<Double> BETA2 =
      decimal("optimizer.beta2", DEFAULTS.optimizer().beta2(), "Decay of Adam's second moment.");
  static final Setting<Double> EPSILON =
      decimal(
          "optimizer.epsilon",
          DEFAULTS.optimizer().epsilon(),
          "Added to the root of Adam's second moment.");
  static final Setting<Double> GRADIENT_BOUND =
      Setting.number(
          "quarantine.gradient-norm",
          DEFAULTS.optimizer().gradientNormBound(),
          "A batch whose gradient is longer is not applied; its samples are quarantined.");

  static final Setting<BatchConfig.Mode> MODE =
      Setting.choice(
          "batch.mode",
          BatchConfig.Mode.class,
          DEFAULTS.batch().mode(),
          "fast trains by count and time; deterministic by count alone, in the order in which labels"
              + " became known.");
  static final Setting<Integer> BATCH_SIZE =
      Setting.integer("batch.size", DEFAULTS.batch().size(), "Impressions of a batch.");
  static final Setting<Duration> FLUSH_INTERVAL =
      Setting.duration(
          "batch.flush-interval",
          DEFAULTS.batch().flushInterval(),
          "fast: a batch waits no longer than this.");
  static final Setting<BatchConfig.TagsInput> TAGS_INPUT =
      Setting.choice(
          "batch.tags-input",
          BatchConfig.TagsInput.class,
          DEFAULTS.batch().tagsInput(),
          "What training sees of an item's tags: split for a row per tag, with Shapley weights, or"
              + " pooled for one row with the mean of their embeddings, without.");
  static final Setting<BatchConfig.SplitNormalise> SPLIT =
      Setting.choice(
          "batch.split-normalise",
          BatchConfig.SplitNormalise.class,
          DEFAULTS.batch().splitNormalise(),
          "split: weight of an impression with L tags: none for L, as in the paper, or impression for 1.");

  static final Setting<Long> SEED =
      Setting.whole("learner.seed", DEFAULTS.seed(), "Seed of every random choice of the learner.");
  static final Setting<String> DEVICE =
      Setting.text(
          "learner.device", DEFAULTS.device(), "Where tensors live: auto, cpu, gpu or gpu:N.");
  static final Setting<Integer> NATIVE_THREADS =
      Setting.integer(
          "learner.native-threads",
          DEFAULTS.nativeThreads(),
          "Threads of one native operation on the CPU.");
  static final Setting<Duration> METRICS_INTERVAL =
      Setting.duration(
          "learner.metrics-interval",
          DEFAULTS.metricsInterval(),
          "How often progressive validation is reported.");

  static final Setting<String> SNAPSHOT_DIRECTORY =
      Setting.text(
          "snapshots.directory",
          SnapshotConfig.defaults().directory(),
          "Folder for model snapshots (safetensors with a manifest); empty writes none.");
  static final Setting<Duration> SNAPSHOT_INTERVAL =
      Setting.duration(
          "snapshots.interval",
          SnapshotConfig.defaults().interval(),
          "At most one snapshot in this time, taken with the next checkpoint.",
          Rule.positiveDuration());

  private LearnerOptions() {}

  static List<Setting<?>> all() {
    return List.of(
        MODEL,
        MODELS,
        DIMENSION,
        HIDDEN,
        EXPERTS,
        FIXED_SCALE,
        OWN_TAGS,
        TAG_PRIOR,
        CALIBRATION,
        SHARED_EXPERTS,
        TASK_EXPERTS,
        LEVELS,
        TOWER,
        SEQUENCE_PENALTY,
        EMBEDDING_DIMENSION,
        EMBEDDING_RATE,
        EMBEDDING_EPSILON,
        INITIAL_SCALE,
        ADMISSION,
        EXPIRY,
        RATE,
        BETA1,
        BETA2,
        EPSILON,
        GRADIENT_BOUND,
        MODE,
        BATCH_SIZE,
        FLUSH_INTERVAL,
        TAGS_INPUT,
        SPLIT,
        SEED,
        DEVICE,
        NATIVE_THREADS,
        METRICS_INTERVAL,
        SNAPSHOT_DIRECTORY,
        SNAPSHOT_INTERVAL);
  }

  static SnapshotConfig snapshots(Settings settings) {
    return settings.build(
        () -> new SnapshotConfig(settings.get(SNAPSHOT_DIRECTORY), settings.get(SNAPSHOT_INTERVAL)),
        SnapshotConfig::defaults);
  }

  /** A float shown as it was written: 0.05, not its neighbour in double. */
  private static Setting<Double> decimal(String key, float value, String summary) {
    return Setting.number(key, Double.parseDouble(Float.toString(value)), summary);
  }

  /** The learner's configuration for these user fields and so many privileged fields. */
  static LearnerConfig read(
      Settings settings, List<Task> tasks, UserFieldNames fields, int privilegedFields) {
    LearnerConfig otherwise = LearnerConfig.defaults(tasks, fields.count());
    ModelConfig model = settings.build(() -> model(settings, fields), otherwise::model);
    EmbeddingConfig embedding = settings.build(() -> embedding(settings), otherwise::embedding);
    OptimizerConfig optimizer = settings.build(() -> optimizer(settings), otherwise::optimizer);
    BatchConfig batch =
        settings.build(
            () ->
                new BatchConfig(
                    settings.get(MODE),
                    settings.get(BATCH_SIZE),
                    settings.get(FLUSH_INTERVAL),
                    settings.get(TAGS_INPUT),
                    settings.get(SPLIT)),
            otherwise::batch);
    StageConfig stage = settings.build(() -> StageOptions.stage(settings), otherwise::stage);
    NegativesConfig negatives =
        settings.build(() -> StageOptions.negatives(settings), otherwise::negatives);
    ScoringConfig scoring =
        settings.build(() -> ProfileOptions.scoring(settings), otherwise::scoring);
    return settings.build(
        () ->
            new LearnerConfig(
                model.network().configName(),
                tasks,
                fields.count(),
                privilegedFields,
                settings.get(SEED),
                model,
                embedding,
                optimizer,
                batch,
                stage,
                negatives,
                scoring,
                settings.get(DEVICE),
                settings.get(NATIVE_THREADS),
                settings.get(METRICS_INTERVAL)),
        () -> otherwise);
  }

  private static ModelConfig model(Settings settings, UserFieldNames fields) {
    Map<String, Set<Integer>> experts = new HashMap<>();
    settings.get(EXPERTS).forEach((task, list) -> experts.put(task, numbers(task, list)));
    return new ModelConfig(
        settings.get(MODEL),
        settings.get(DIMENSION),
        settings.get(HIDDEN),
        experts,
        settings.get(FIXED_SCALE),
        settings.get(OWN_TAGS),
        settings.get(TAG_PRIOR),
        settings.get(CALIBRATION),
        new ModelConfig.MultiTask(
            settings.get(SHARED_EXPERTS),
            settings.get(TASK_EXPERTS),
            settings.get(LEVELS),
            settings.get(TOWER),
            settings.get(SEQUENCE_PENALTY).floatValue()),
        DtnOptions.dtn(settings, fields),
        CtmvmOptions.read(settings),
        CwtmOptions.read(settings),
        CombinedOptions.read(settings),
        MktOptions.read(settings, fields));
  }

  private static Set<Integer> numbers(String task, String list) {
    try {
      return Arrays.stream(list.split(",", -1))
          .map(String::strip)
          .map(Integer::valueOf)
          .collect(Collectors.toCollection(HashSet::new));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          EXPERTS.key() + "." + task + ": " + list + " - must be whole numbers such as [0, 1]", e);
    }
  }

  private static EmbeddingConfig embedding(Settings settings) {
    return new EmbeddingConfig(
        settings.get(EMBEDDING_DIMENSION),
        settings.get(EMBEDDING_RATE).floatValue(),
        settings.get(EMBEDDING_EPSILON).floatValue(),
        settings.get(INITIAL_SCALE).floatValue(),
        settings.get(ADMISSION),
        settings.get(EXPIRY));
  }

  private static OptimizerConfig optimizer(Settings settings) {
    return new OptimizerConfig(
        settings.get(RATE).floatValue(),
        settings.get(BETA1).floatValue(),
        settings.get(BETA2).floatValue(),
        settings.get(EPSILON).floatValue(),
        settings.get(GRADIENT_BOUND));
  }
}

package io.tagstream.launcher.bench;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.StageConfig;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.training.StageWeights;
import io.tagstream.learner.training.Trainer;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.FeatureBags;
import io.tagstream.schemas.Task;
import io.tagstream.schemas.TrainingSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Batches for the learner: 26 user fields of one feature each, drawn uniformly from a table of a
 * given size, and one of 1,780 tags; where the learner reads them, privileged fields of one feature
 * each, and every fourth item of a second kind.
 */
final class LearnerWorkload {

  static final int FIELDS = 26;
  static final int TAGS = 1_780;
  static final int BATCH = 1_024;

  private static final long START_MILLIS = 1_700_000_000_000L;
  private static final int FILLED_AT_ONCE = 20_000;
  private static final float POSITIVE_SHARE = 0.2f;

  /** Values of a privileged field. */
  private static final int VALUES = 1_000;

  private final LearnerConfig config;
  private final int valuesPerField;
  private final SplittableRandom random;

  /**
   * Batches over a table.
   *
   * @param rows features there are, over all fields
   */
  LearnerWorkload(LearnerConfig config, int rows, long seed) {
    this.config = config;
    this.valuesPerField = Math.max(1, rows / FIELDS);
    this.random = new SplittableRandom(seed);
  }

  /** MVKE with 5 experts for two tasks, or with those of three; stage weights off. */
  static LearnerConfig plainMvke(int tasks, long seed) {
    List<Task> list =
        tasks == 2
            ? List.of(Task.click("click"), Task.conversion("conversion", Set.of("purchase")))
            : Task.defaults(Set.of("purchase"));
    StageConfig stage = StageConfig.defaults();
    return LearnerConfig.defaults(list, FIELDS)
        .withSeed(seed)
        .withStage(
            new StageConfig(
                StageConfig.Gamma.OFF, stage.normalise(), stage.order(), stage.halfLife()))
        .withModel(
            ModelConfig.defaults().withOwnTags(false).withTagPrior(false).withCalibration(false));
  }

  /** Id of a field's value; distinct for distinct pairs. */
  static long id(int field, int value) {
    // Odd factors are bijections of 64-bit numbers, so distinct pairs stay distinct.
    return (((long) field << 32) | value) * 0x9e3779b97f4a7c15L;
  }

  /** Features that all fields have together. */
  int rows() {
    return valuesPerField * FIELDS;
  }

  /** Gives every feature its row, without training on each. */
  void fill(Trainer trainer) {
    int tasks = config.tasks().size();
    for (int from = 0; from < valuesPerField; from += FILLED_AT_ONCE) {
      int count = Math.min(FILLED_AT_ONCE, valuesPerField - from);
      int[] lengths = new int[FIELDS];
      Arrays.fill(lengths, count);
      long[] ids = new long[count * FIELDS];
      for (int n = 0; n < ids.length; n++) {
        ids[n] = id(n / count, from + n % count);
      }
      MicroBatch.Builder builder = MicroBatch.builder(FIELDS, config.privilegedFields(), tasks);
      float[] none = new float[tasks];
      boolean[] unknown = new boolean[tasks];
      builder.addImpression(START_MILLIS, true, lengths, ids, none, unknown, none, unknown, none);
      trainer.step(builder.build(), StageWeights.ONES);
    }
  }

  /** Batches of primitives. */
  List<MicroBatch> batches(int count, int size) {
    List<MicroBatch> batches = new ArrayList<>();
    for (int b = 0; b < count; b++) {
      batches.add(batch(size));
    }
    return batches;
  }

  private MicroBatch batch(int size) {
    int tasks = config.tasks().size();
    MicroBatch.Builder builder = MicroBatch.builder(FIELDS, config.privilegedFields(), tasks);
    int[] lengths = new int[FIELDS];
    Arrays.fill(lengths, 1);
    boolean[] known = new boolean[tasks];
    Arrays.fill(known, true);
    float[] ones = new float[tasks];
    Arrays.fill(ones, 1f);
    for (int i = 0; i < size; i++) {
      float[] labels = labels(tasks);
      builder.addImpression(
          START_MILLIS + i, true, lengths, ids(), labels, known, labels, known, ones);
      addItem(builder, i);
      builder.addTag(tag(), 1f);
    }
    return builder.build();
  }

  private void addItem(MicroBatch.Builder builder, int number) {
    int fields = config.privilegedFields();
    if (fields == 0) {
      return;
    }
    builder.addEntity(number % 4 == 3 ? "other" : "item");
    int[] lengths = new int[fields];
    Arrays.fill(lengths, 1);
    long[] ids = new long[fields];
    Arrays.setAll(ids, p -> id(FIELDS + p, random.nextInt(VALUES)));
    builder.addPrivileged(lengths, ids);
  }

  /** A batch in which every tag occurs, so that the vocabulary knows all of them. */
  MicroBatch allTags() {
    int tasks = config.tasks().size();
    MicroBatch.Builder builder = MicroBatch.builder(FIELDS, config.privilegedFields(), tasks);
    int[] lengths = new int[FIELDS];
    Arrays.fill(lengths, 1);
    boolean[] known = new boolean[tasks];
    Arrays.fill(known, true);
    float[] ones = new float[tasks];
    Arrays.fill(ones, 1f);
    for (int tag = 0; tag < TAGS; tag++) {
      float[] labels = labels(tasks);
      builder.addImpression(START_MILLIS, true, lengths, ids(), labels, known, labels, known, ones);
      addItem(builder, tag);
      builder.addTag("tag-" + tag, 1f);
    }
    return builder.build();
  }

  /** Batches of samples as the feature stage sends them. */
  List<List<TrainingSample>> samples(int count, int size) {
    List<List<TrainingSample>> batches = new ArrayList<>();
    for (int b = 0; b < count; b++) {
      List<TrainingSample> batch = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        batch.add(sample("impression-" + b + "-" + i));
      }
      batches.add(batch);
    }
    return batches;
  }

  private TrainingSample sample(String impression) {
    int tasks = config.tasks().size();
    List<Long> ids = new ArrayList<>();
    for (long id : ids()) {
      ids.add(id);
    }
    List<Float> labels = new ArrayList<>();
    for (float label : labels(tasks)) {
      labels.add(label);
    }
    return TrainingSample.newBuilder()
        .setUserId("user-" + random.nextInt(100_000))
        .setImpressionId(impression)
        .setItemId("item")
        .setEntity("item")
        .setImpressionTimeMillis(START_MILLIS)
        .setKnownAtMillis(START_MILLIS)
        .setEmission(Emission.WINDOW_CLOSE)
        .setFirst(true)
        .setUserFields(new FeatureBags(Collections.nCopies(FIELDS, 1), ids))
        .setTags(List.of(tag()))
        .setTagWeights(List.of(1f))
        .setPrivileged(new FeatureBags(List.of(), List.of()))
        .setLabels(labels)
        .setLabelled(Collections.nCopies(tasks, true))
        .setPseudoLabels(Collections.nCopies(tasks, POSITIVE_SHARE))
        .setPseudoLabelled(Collections.nCopies(tasks, true))
        .setSampleWeights(Collections.nCopies(tasks, 1f))
        .setFeatureSchemaVersion(1)
        .build();
  }

  private String tag() {
    return "tag-" + random.nextInt(TAGS);
  }

  private long[] ids() {
    long[] ids = new long[FIELDS];
    for (int field = 0; field < FIELDS; field++) {
      ids[field] = id(field, random.nextInt(valuesPerField));
    }
    return ids;
  }

  private float[] labels(int tasks) {
    float[] labels = new float[tasks];
    for (int k = 0; k < tasks; k++) {
      labels[k] = random.nextDouble() < POSITIVE_SHARE ? 1 : 0;
    }
    return labels;
  }
}

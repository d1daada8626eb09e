package io.tagstream.learner.training;

import io.tagstream.learner.BatchConfig.SplitNormalise;
import io.tagstream.learner.BatchConfig.TagsInput;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.model.RowFeatures;
import io.tagstream.learner.scoring.TagVocabulary;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.SplittableRandom;

/**
 * The rows of one step: those of the batch, then sampled negatives. A row of the batch is one tag
 * of an impression, or, where tags are pooled, all of them.
 *
 * <p>For each impression with a positive label, {@code negatives.per-impression} tags are drawn
 * uniformly from the vocabulary; a draw that hits a tag of the impression is dropped. Drawn from
 * (seed, step), so a replay draws the same. They train the tasks, or an output of their own,
 * retrieval, to which what was shown and not taken says nothing.
 */
final class TrainingRows {

  private static final int NONE = -1;

  private final MicroBatch batch;
  private final boolean pooled;
  private final float[] scale;
  private final float negativeWeight;
  private final int outputs;

  /** The output that sampled negatives train; {@link #NONE} when they train the tasks. */
  private final int retrieval;

  private final IntArrayList impression = new IntArrayList();
  private final IntArrayList tag = new IntArrayList();
  private final IntArrayList tagOffsets = new IntArrayList();
  private final LongArrayList tagIds = new LongArrayList();
  private final int shown;
  private final long draw;

  TrainingRows(MicroBatch batch, LearnerConfig config, TagVocabulary vocabulary, long step) {
    this.batch = batch;
    this.draw = config.seed() * 31 + step;
    this.pooled = config.batch().tagsInput() == TagsInput.POOLED;
    this.negativeWeight = config.negatives().weight();
    this.retrieval = config.negatives().trainRetrieval() ? batch.tasks() : NONE;
    this.outputs = retrieval == NONE ? batch.tasks() : batch.tasks() + 1;
    this.scale = scales(batch, config.batch().splitNormalise());
    tagOffsets.add(0);
    if (pooled) {
      pool();
    } else {
      split();
    }
    this.shown = impression.size();
    int perImpression = config.negatives().perImpression();
    if (perImpression > 0 && vocabulary.size() > 1) {
      sample(perImpression, vocabulary, new SplittableRandom(draw));
    }
  }

  /** The rows of the batch alone. */
  static TrainingRows withoutSampled(MicroBatch batch, LearnerConfig config) {
    return new TrainingRows(batch, config, new TagVocabulary(1), 0);
  }

  /** What a model may read of the rows beside their vectors. */
  RowFeatures features() {
    return new RowFeatures(
        shown(),
        draw(),
        impressions(),
        tags(),
        tagOffsets(),
        tagIds(),
        batch.fieldOffsets(),
        batch.fieldIds());
  }

  private void split() {
    impression.addElements(0, batch.rowImpression());
    tag.addElements(0, batch.rowTag());
    for (long id : batch.tagIds()) {
      addBag(id);
    }
  }

  /** A bag per distinct set of tags, whatever their order. */
  private void pool() {
    Object2IntOpenHashMap<IntArrayList> bags = new Object2IntOpenHashMap<>();
    int row = 0;
    while (row < batch.rows()) {
      int i = batch.rowImpression()[row];
      IntArrayList set = new IntArrayList();
      for (; row < batch.rows() && batch.rowImpression()[row] == i; row++) {
        set.add(batch.rowTag()[row]);
      }
      set.sort(null);
      if (!bags.containsKey(set)) {
        bags.put(set, addBag(set.intStream().mapToLong(d -> batch.tagIds()[d]).toArray()));
      }
      impression.add(i);
      tag.add(bags.getInt(set));
    }
  }

  /** Returns the new bag's index. */
  private int addBag(long... ids) {
    tagIds.addElements(tagIds.size(), ids);
    tagOffsets.add(tagIds.size());
    return tagOffsets.size() - 2;
  }

  private static float[] scales(MicroBatch batch, SplitNormalise normalise) {
    float[] scale = new float[batch.impressions()];
    for (int i : batch.rowImpression()) {
      scale[i]++;
    }
    for (int i = 0; i < scale.length; i++) {
      scale[i] = normalise == SplitNormalise.NONE || scale[i] == 0 ? 1f : 1f / scale[i];
    }
    return scale;
  }

  private void sample(int perImpression, TagVocabulary vocabulary, SplittableRandom random) {
    // Of a vocabulary's tag: which of the batch's it is, and its bag when it stands alone.
    Int2IntOpenHashMap tagOfVocabulary = new Int2IntOpenHashMap();
    tagOfVocabulary.defaultReturnValue(-1);
    for (int d = 0; d < batch.tagNames().size(); d++) {
      int known = vocabulary.indexOf(batch.tagNames().get(d));
      if (known >= 0) {
        tagOfVocabulary.put(known, d);
      }
    }
    Int2IntOpenHashMap bagOfVocabulary = new Int2IntOpenHashMap();
    if (!pooled) {
      bagOfVocabulary.putAll(tagOfVocabulary);
    }
    int row = 0;
    for (int i = 0; i < batch.impressions(); i++) {
      int from = row;
      while (row < batch.rows() && batch.rowImpression()[row] == i) {
        row++;
      }
      for (int n = 0; n < perImpression && row > from && positive(i); n++) {
        int drawn = random.nextInt(vocabulary.size());
        if (!carried(tagOfVocabulary.get(drawn), from, row)) {
          impression.add(i);
          tag.add(bagOfVocabulary.computeIfAbsent(drawn, v -> addBag(vocabulary.id(v))));
        }
      }
    }
  }

  private boolean positive(int i) {
    if (retrieval != NONE) {
      return positive(i, 0);
    }
    for (int k = 0; k < batch.tasks(); k++) {
      if (positive(i, k)) {
        return true;
      }
    }
    return false;
  }

  private boolean positive(int i, int k) {
    int at = i * batch.tasks() + k;
    return batch.labelled()[at] && batch.labels()[at] > 0;
  }

  private boolean carried(int d, int from, int to) {
    for (int row = from; row < to; row++) {
      if (batch.rowTag()[row] == d) {
        return true;
      }
    }
    return false;
  }

  /** Rows of the batch and sampled ones. */
  int count() {
    return impression.size();
  }

  /** Outputs of the network, {@code O}: the tasks, and retrieval where negatives train it. */
  int outputs() {
    return outputs;
  }

  /** The task whose labels train an output. */
  int task(int output) {
    return output == retrieval ? 0 : output;
  }

  /** Seed of what is drawn in this step. */
  long draw() {
    return draw;
  }

  /** Rows of the batch, {@code S}; they are the first. */
  int shown() {
    return shown;
  }

  /** Sampled rows; they are the last. */
  int sampled() {
    return impression.size() - shown;
  }

  int[] impressions() {
    return impression.toIntArray();
  }

  int[] tags() {
    return tag.toIntArray();
  }

  /** Number of bags of tags that {@link #tags} indexes, {@code D}. */
  int tagBags() {
    return tagOffsets.size() - 1;
  }

  /** {@code [D + 1]}: where in {@link #tagIds} a bag begins. */
  int[] tagOffsets() {
    return tagOffsets.toIntArray();
  }

  /** Feature ids of all bags of tags. */
  long[] tagIds() {
    return tagIds.toLongArray();
  }

  /**
   * What is said of the tasks in the batch's rows: {@code [R, O] → [S, K]}.
   *
   * @param values may be empty where there are no rows
   */
  float[] ofTasks(float[] values) {
    float[] ofTasks = new float[shown * batch.tasks()];
    for (int r = 0; r < shown; r++) {
      System.arraycopy(values, r * outputs, ofTasks, r * batch.tasks(), batch.tasks());
    }
    return ofTasks;
  }

  /**
   * What is said of these rows, as said of the batch's: {@code [S, K] → [batch.rows(), K]}.
   *
   * @return the same array where they are the same rows
   */
  float[] ofBatch(float[] values) {
    if (!pooled) {
      return values;
    }
    int tasks = batch.tasks();
    float[] spread = new float[batch.rows() * tasks];
    int source = -1;
    for (int r = 0; r < batch.rows(); r++) {
      if (r == 0 || batch.rowImpression()[r] != batch.rowImpression()[r - 1]) {
        source++;
      }
      System.arraycopy(values, source * tasks, spread, r * tasks, tasks);
    }
    return spread;
  }

  /** The row's label for an output. */
  float label(int row, int output) {
    int at = impression.getInt(row) * batch.tasks() + task(output);
    return row < shown ? batch.labels()[at] : 0f;
  }

  /**
   * The row's weight for an output without γ: 0 where the label is not known; else the sample
   * weight times {@code w^k_t = 1 + y^k (w_t − 1)}, the Shapley weight by task (CTMVM eq. 3 for
   * soft labels), times the share of its impression. Pooled tags have neither Shapley weights nor
   * shares. A sampled row counts where its impression is positive.
   */
  float weight(int row, int output) {
    int i = impression.getInt(row);
    int k = task(output);
    int at = i * batch.tasks() + k;
    if (row >= shown) {
      boolean trains = retrieval == NONE || output == retrieval;
      return trains && positive(i, k) ? batch.sampleWeights()[at] * negativeWeight : 0f;
    }
    if (output == retrieval ? !positive(i, k) : !batch.labelled()[at]) {
      return 0f;
    }
    if (pooled) {
      return batch.sampleWeights()[at];
    }
    float shapley = 1 + batch.labels()[at] * (batch.tagWeights()[row] - 1);
    return batch.sampleWeights()[at] * shapley * scale[i];
  }
}

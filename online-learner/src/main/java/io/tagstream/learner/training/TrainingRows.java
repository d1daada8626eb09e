package io.tagstream.learner.training;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.LearnerConfig.SplitNormalise;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.scoring.TagVocabulary;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.SplittableRandom;

/**
 * The rows of one step: those of the batch, then sampled negatives.
 *
 * <p>For each impression with a positive label, {@code negatives.per-impression} tags are drawn
 * uniformly from the vocabulary; a draw that hits a tag of the impression is dropped. Drawn from
 * (seed, step), so a replay draws the same.
 */
final class TrainingRows {

  private final MicroBatch batch;
  private final float[] scale;
  private final float negativeWeight;
  private final IntArrayList impression;
  private final IntArrayList tag;
  private final LongArrayList tagIds;

  TrainingRows(MicroBatch batch, LearnerConfig config, TagVocabulary vocabulary, long step) {
    this.batch = batch;
    this.negativeWeight = config.negatives().weight();
    this.impression = IntArrayList.wrap(batch.rowImpression().clone());
    this.tag = IntArrayList.wrap(batch.rowTag().clone());
    this.tagIds = LongArrayList.wrap(batch.tagIds().clone());
    this.scale = scales(batch, config.batch().splitNormalise());
    int perImpression = config.negatives().perImpression();
    if (perImpression > 0 && vocabulary.size() > 1) {
      sample(perImpression, vocabulary, new SplittableRandom(config.seed() * 31 + step));
    }
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
    Int2IntOpenHashMap tagOfVocabulary = new Int2IntOpenHashMap();
    tagOfVocabulary.defaultReturnValue(-1);
    for (int d = 0; d < batch.tagNames().size(); d++) {
      int known = vocabulary.indexOf(batch.tagNames().get(d));
      if (known >= 0) {
        tagOfVocabulary.put(known, d);
      }
    }
    int row = 0;
    for (int i = 0; i < batch.impressions(); i++) {
      int from = row;
      while (row < batch.rows() && batch.rowImpression()[row] == i) {
        row++;
      }
      for (int n = 0; n < perImpression && row > from && positive(i); n++) {
        int drawn = random.nextInt(vocabulary.size());
        int d = tagOfVocabulary.get(drawn);
        if (d < 0) {
          d = tagIds.size();
          tagIds.add(vocabulary.id(drawn));
          tagOfVocabulary.put(drawn, d);
        }
        if (!shown(d, from, row)) {
          impression.add(i);
          tag.add(d);
        }
      }
    }
  }

  private boolean positive(int i) {
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

  private boolean shown(int d, int from, int to) {
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

  /** Sampled rows; they are the last. */
  int sampled() {
    return impression.size() - batch.rows();
  }

  int[] impressions() {
    return impression.toIntArray();
  }

  int[] tags() {
    return tag.toIntArray();
  }

  /** Feature ids of the distinct tags that {@link #tags} indexes. */
  long[] tagIds() {
    return tagIds.toLongArray();
  }

  /** The row's label for a task. */
  float label(int row, int k) {
    return row < batch.rows() ? batch.labels()[impression.getInt(row) * batch.tasks() + k] : 0f;
  }

  /**
   * The row's weight for a task without γ: 0 where the label is not known; else the sample weight
   * times {@code w^k_t = 1 + y^k (w_t − 1)}, the Shapley weight by task (CTMVM eq. 3 for soft
   * labels), times the share of its impression.
   */
  float weight(int row, int k) {
    int i = impression.getInt(row);
    int at = i * batch.tasks() + k;
    if (row >= batch.rows()) {
      return positive(i, k) ? batch.sampleWeights()[at] * negativeWeight : 0f;
    }
    if (!batch.labelled()[at]) {
      return 0f;
    }
    float shapley = 1 + batch.labels()[at] * (batch.tagWeights()[row] - 1);
    return batch.sampleWeights()[at] * shapley * scale[i];
  }
}

package io.tagstream.learner.assembly;

import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.FeatureBags;
import io.tagstream.schemas.TrainingSample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes micro-batches of training samples.
 *
 * <p>Emissions of one impression in one batch become one impression: the first one's snapshot (all
 * of them carry the same), every label any of them makes known, a later emission's in place of an
 * earlier one's for the same task (a correction behind its negative). So the user side is computed
 * once per impression, and the model is not trained within one step on a negative and the
 * correction that takes it back. Its tags become rows with their Shapley weights; the trainer makes
 * {@code w^k} of them, and adds sampled negatives.
 *
 * <p>Stateless, so it may be shared.
 */
public final class BatchAssembler {

  private static final int MAX_BAG = 0xFFFF;

  private final int fields;
  private final int privileged;
  private final int tasks;

  /** An assembler for samples with so many user fields, privileged fields and tasks. */
  public BatchAssembler(int fields, int privileged, int tasks) {
    this.fields = fields;
    this.privileged = privileged;
    this.tasks = tasks;
  }

  /**
   * The batch of these samples, impressions in order of their first sample.
   *
   * @param samples samples without a {@link #problemOf problem}
   */
  public AssembledBatch assemble(List<TrainingSample> samples) {
    Map<Key, Merged> merged = new LinkedHashMap<>();
    for (TrainingSample sample : samples) {
      merged
          .computeIfAbsent(
              new Key(sample.getUserId(), sample.getImpressionId()),
              key -> new Merged(sample, tasks))
          .add(sample);
    }
    MicroBatch.Builder builder = MicroBatch.builder(fields, privileged, tasks);
    List<BatchImpression> impressions = new ArrayList<>(merged.size());
    for (Merged impression : merged.values()) {
      impression.addTo(builder);
      impressions.add(
          new BatchImpression(
              impression.sample,
              Hashes.of(impression.sample.getUserId()),
              Hashes.of(impression.sample.getImpressionId()),
              impression.windowClosed,
              impression.counted));
    }
    return new AssembledBatch(builder.build(), impressions);
  }

  /**
   * Why this sample cannot be trained, or null when it can: arrays of another length than the
   * configuration says, or values out of their range. Foreign topics may hold such samples; one of
   * them must not spoil a batch.
   */
  public @Nullable String problemOf(TrainingSample sample) {
    return firstOf(
        bags("userFields", sample.getUserFields(), fields),
        bags("privileged", sample.getPrivileged(), privileged),
        length("labels", sample.getLabels().size(), tasks),
        length("labelled", sample.getLabelled().size(), tasks),
        length("pseudoLabels", sample.getPseudoLabels().size(), tasks),
        length("pseudoLabelled", sample.getPseudoLabelled().size(), tasks),
        length("sampleWeights", sample.getSampleWeights().size(), tasks),
        length("tagWeights", sample.getTagWeights().size(), sample.getTags().size()),
        range("labels", sample.getLabels(), 1),
        range("pseudoLabels", sample.getPseudoLabels(), 1),
        range("sampleWeights", sample.getSampleWeights(), Float.MAX_VALUE),
        range("tagWeights", sample.getTagWeights(), Float.MAX_VALUE));
  }

  private static @Nullable String bags(String field, FeatureBags bags, int expected) {
    int ids = 0;
    for (int length : bags.getLengths()) {
      if (length < 0 || length > MAX_BAG) {
        return field + " holds a bag of " + length + " ids - must be from 0 to " + MAX_BAG;
      }
      ids += length;
    }
    return firstOf(
        length(field, bags.getLengths().size(), expected),
        length(field + ".ids", bags.getIds().size(), ids));
  }

  private static @Nullable String firstOf(@Nullable String... problems) {
    for (String problem : problems) {
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static @Nullable String length(String field, int found, int expected) {
    return found == expected
        ? null
        : String.format(
            "%s has %d entries - expected %d; its features were computed with another"
                + " configuration of tasks or user fields, recompute them",
            field, found, expected);
  }

  private static @Nullable String range(String field, List<Float> values, float max) {
    for (float value : values) {
      if (!(value >= 0 && value <= max)) {
        return field + " holds " + value + " - must be from 0 to " + max;
      }
    }
    return null;
  }

  private record Key(String userId, String impressionId) {}

  /** One impression while its emissions are gathered. */
  private static final class Merged {
    final TrainingSample sample;
    final float[] labels;
    final boolean[] labelled;
    final boolean[] counted;
    final float[] weights;
    boolean first;
    boolean windowClosed;

    Merged(TrainingSample sample, int tasks) {
      this.sample = sample;
      this.labels = new float[tasks];
      this.labelled = new boolean[tasks];
      this.counted = new boolean[tasks];
      this.weights = Primitives.floats(sample.getSampleWeights());
    }

    void add(TrainingSample emission) {
      first |= emission.getFirst();
      windowClosed |= emission.getEmission() == Emission.WINDOW_CLOSE;
      for (int k = 0; k < labels.length; k++) {
        if (emission.getLabelled().get(k)) {
          labels[k] = emission.getLabels().get(k);
          labelled[k] = true;
          weights[k] = emission.getSampleWeights().get(k);
          counted[k] |= emission.getEmission() != Emission.CORRECTION;
        }
      }
    }

    void addTo(MicroBatch.Builder builder) {
      builder.addImpression(
          sample.getImpressionTimeMillis(),
          first,
          Primitives.ints(sample.getUserFields().getLengths()),
          Primitives.longs(sample.getUserFields().getIds()),
          labels,
          labelled,
          Primitives.floats(sample.getPseudoLabels()),
          Primitives.booleans(sample.getPseudoLabelled()),
          weights);
      builder.addEntity(sample.getEntity());
      builder.addPrivileged(
          Primitives.ints(sample.getPrivileged().getLengths()),
          Primitives.longs(sample.getPrivileged().getIds()));
      for (int t = 0; t < sample.getTags().size(); t++) {
        builder.addTag(sample.getTags().get(t), sample.getTagWeights().get(t));
      }
    }
  }
}

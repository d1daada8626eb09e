package io.tagstream.learner.flink;

import io.tagstream.learner.BatchConfig;
import io.tagstream.learner.BatchConfig.Mode;
import io.tagstream.learner.BatchConfig.SplitNormalise;
import io.tagstream.learner.BatchConfig.TagsInput;
import io.tagstream.learner.EmbeddingConfig;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.ScoringConfig;
import io.tagstream.learner.assembly.Samples;
import io.tagstream.schemas.Cause;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.FeatureBags;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.Task;
import io.tagstream.schemas.TrainingSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Tiny models and random samples for operator tests. */
final class Inputs {

  static final Duration FLUSH = Duration.ofMillis(50);

  /** After every sample's knownAt. */
  static final long END = 1_000_000;

  private static final float UNKNOWN = Float.NaN;

  private Inputs() {}

  static LearnerConfig config(Mode mode, int batch) {
    LearnerConfig defaults = LearnerConfig.defaults(Task.defaults(Set.of("like")), Samples.FIELDS);
    return defaults
        .withModel(ModelConfig.defaults().withSizes(8, List.of(8)))
        .withEmbedding(new EmbeddingConfig(4, 0.05f, 1e-8f, 0.05f, 1, Duration.ofDays(60)))
        .withScoring(
            new ScoringConfig(
                5,
                2,
                1000,
                Set.of(),
                Duration.ofHours(1),
                ScoringConfig.DefaultProfile.NONE,
                Duration.ofDays(7)))
        .withBatch(new BatchConfig(mode, batch, FLUSH, TagsInput.SPLIT, SplitNormalise.NONE));
  }

  /** Samples in order of knownAt; impressions of few users with two emissions each, or three. */
  static List<TrainingSample> samples(SplittableRandom random, int count) {
    List<TrainingSample> samples = new ArrayList<>();
    for (int i = 0; samples.size() < count; i++) {
      long at = 1_000L + 20L * i;
      String user = "user" + random.nextInt(6);
      float click = random.nextInt(2);
      List<TrainingSample> emissions = new ArrayList<>();
      emissions.add(Samples.sample(user, "i" + i, Emission.CLICK, at + 1, click, UNKNOWN, UNKNOWN));
      emissions.add(
          Samples.sample(
              user, "i" + i, Emission.WINDOW_CLOSE, at + 7, UNKNOWN, random.nextInt(5) / 4f, 0));
      if (random.nextInt(3) == 0) {
        emissions.add(
            Samples.sample(user, "i" + i, Emission.CORRECTION, at + 9, UNKNOWN, UNKNOWN, 1));
      }
      FeatureBags fields =
          new FeatureBags(
              List.of(2, 1), List.of((long) random.nextInt(9), 9L, 10L + random.nextInt(5)));
      List<String> tags = List.of("tag" + random.nextInt(12), "other" + random.nextInt(3));
      for (TrainingSample emission : emissions) {
        emission.setFirst(emission.getEmission() == Emission.CLICK);
        emission.setUserFields(fields);
        emission.setTags(tags);
        emission.setImpressionTimeMillis(at);
        samples.add(emission);
      }
    }
    return new ArrayList<>(samples.subList(0, count));
  }

  static ScoreRequest request(String user, long eventTimeMillis) {
    Cause cause =
        new Cause(Emission.CLICK, "i" + eventTimeMillis, "item", List.of("a"), eventTimeMillis, 0L);
    return ScoreRequest.newBuilder()
        .setUserId(user)
        .setEventTimeMillis(eventTimeMillis)
        .setUserFields(new FeatureBags(List.of(1, 1), List.of(3L, 11L)))
        .setPseudoLabels(List.of(.5f, .5f, .5f))
        .setPseudoLabelled(List.of(true, true, true))
        .setCauses(List.of(cause))
        .setFeatureSchemaVersion(7)
        .build();
  }
}

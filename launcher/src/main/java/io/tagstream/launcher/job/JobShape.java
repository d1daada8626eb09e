package io.tagstream.launcher.job;

import io.tagstream.schemas.Topic;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which stages stand in one job. */
public enum JobShape {
  /** All of them: for one machine, and for the lowest latency. */
  FUSED,
  /** Those from events to samples, which go to topics. */
  FEATURES,
  /** Those from such topics to profiles. */
  LEARNER;

  private static final Set<Topic> BETWEEN =
      EnumSet.of(Topic.TRAINING_SAMPLES, Topic.SCORE_REQUESTS);

  /** What such a job is called on a cluster. */
  public String jobName() {
    return "tagstream-" + name().toLowerCase(Locale.ROOT);
  }

  /** The topics that such a job reads or writes, in declaration order. */
  public List<Topic> topics() {
    return Arrays.stream(Topic.values())
        .filter(
            topic ->
                switch (this) {
                  case FUSED -> !BETWEEN.contains(topic);
                  case FEATURES -> ofFeatures(topic);
                  case LEARNER -> BETWEEN.contains(topic) || !ofFeatures(topic);
                })
        .toList();
  }

  private static boolean ofFeatures(Topic topic) {
    return topic.direction() == Topic.Direction.IN
        || topic == Topic.DEAD_LETTERS
        || BETWEEN.contains(topic);
  }
}

package io.tagstream.launcher.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Sections {@code pipeline} and {@code watermarks}: how the job runs, and how time passes. */
public final class PipelineOptions {

  static final Setting<Integer> PARALLELISM =
      Setting.integer(
          "pipeline.parallelism",
          2,
          "Parallel subtasks of every stage but the learner.",
          Rule.between(1, 128));
  static final Setting<Integer> MAX_PARALLELISM =
      Setting.integer(
          "pipeline.max-parallelism",
          128,
          "Key groups of the state; fixed for the life of a savepoint.",
          Rule.between(1, 32_768));
  static final Setting<Duration> BUFFER_TIMEOUT =
      Setting.duration(
          "pipeline.buffer-timeout",
          Duration.ofMillis(5),
          "How long a record waits in a network buffer, between one stage and the next. Shorter is"
              + " fresher and costs processor time: every output of every subtask is flushed as"
              + " often. 0 flushes after every record.",
          Rule.notNegative());
  static final Setting<Duration> WATERMARK_INTERVAL =
      Setting.duration(
          "watermarks.interval",
          Duration.ofMillis(50),
          "How often watermarks are sent.",
          Rule.positiveDuration());
  static final Setting<Duration> BOUND =
      Setting.duration(
          "watermarks.bound",
          Duration.ofSeconds(5),
          "How far an event's time may lie behind the newest one of its partition; what comes later"
              + " is late.",
          Rule.notNegative());
  static final Setting<Duration> IDLENESS =
      Setting.duration(
          "watermarks.idleness",
          Duration.ofSeconds(10),
          "After how long without an event a partition no longer holds the watermark back. Events of"
              + " a partition that is only slow, and taken for idle, become late.",
          Rule.positiveDuration());
  static final Setting<Duration> ALIGNMENT_DRIFT =
      Setting.duration(
          "watermarks.alignment-drift",
          Duration.ofHours(1),
          "How far, in event time, a partition may be read ahead of the slowest one that is not"
              + " idle; bounds what waits for the watermark. 0 turns alignment off. Should be longer"
              + " than watermarks.idleness.",
          Rule.notNegative());
  static final Setting<Integer> RESTART_ATTEMPTS =
      Setting.integer(
          "pipeline.restart-attempts",
          10,
          "How often a failed job is restarted from its last checkpoint before it fails for good.",
          Rule.atLeast(0));
  static final Setting<Duration> RESTART_DELAY =
      Setting.duration(
          "pipeline.restart-delay",
          Duration.ofSeconds(1),
          "Wait before a restart.",
          Rule.notNegative());
  static final Setting<Map<String, String>> FLINK =
      Setting.textMap(
          "pipeline.flink",
          Map.of(),
          "Further Flink options, given to the job as they stand, above everything else.");

  private PipelineOptions() {}

  static List<Setting<?>> all() {
    return List.of(
        PARALLELISM, MAX_PARALLELISM, BUFFER_TIMEOUT, RESTART_ATTEMPTS, RESTART_DELAY, FLINK);
  }

  static List<Setting<?>> watermarks() {
    return List.of(BOUND, IDLENESS, ALIGNMENT_DRIFT, WATERMARK_INTERVAL);
  }

  static PipelineConfig read(Settings settings) {
    int parallelism = settings.get(PARALLELISM);
    int maxParallelism = settings.get(MAX_PARALLELISM);
    if (parallelism > maxParallelism) {
      settings.refuse(
          PARALLELISM.key(),
          parallelism + " - must be at most " + MAX_PARALLELISM.key() + ", " + maxParallelism);
    }
    return new PipelineConfig(
        parallelism,
        maxParallelism,
        settings.get(BUFFER_TIMEOUT),
        settings.get(WATERMARK_INTERVAL),
        settings.get(ALIGNMENT_DRIFT),
        settings.get(RESTART_ATTEMPTS),
        settings.get(RESTART_DELAY),
        Map.copyOf(settings.get(FLINK)));
  }

  /**
   * The values of the section.
   *
   * @param parallelism subtasks of every stage but the learner
   * @param maxParallelism key groups
   * @param bufferTimeout longest wait in a network buffer
   * @param watermarkInterval how often watermarks are sent
   * @param alignmentDrift how far a partition may run ahead, event time; zero is off
   * @param restartAttempts restarts before the job fails for good
   * @param restartDelay wait before a restart
   * @param flink further Flink options
   */
  public record PipelineConfig(
      int parallelism,
      int maxParallelism,
      Duration bufferTimeout,
      Duration watermarkInterval,
      Duration alignmentDrift,
      int restartAttempts,
      Duration restartDelay,
      Map<String, String> flink)
      implements Serializable {}
}

package io.tagstream.launcher.job;

import io.tagstream.launcher.archive.ArchiveManifest;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.replay.LogRange;
import io.tagstream.launcher.replay.ReplayPlan;
import io.tagstream.profile.IntervalClock;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.LearnerInput;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** The fused job with its ends: what it reads, and Kafka for what it writes. */
public final class KafkaJob {

  private final StreamExecutionEnvironment environment;
  private final TagstreamConfig config;

  /** A job to be built in an environment; the caller executes it. */
  public KafkaJob(StreamExecutionEnvironment environment, TagstreamConfig config) {
    this.environment = environment;
    this.config = config;
  }

  /** Reads the topics, for ever. */
  public void live(SwitchOffsets offsets) {
    build(sources().live(offsets), promotions(), IntervalClock.WALL);
  }

  /**
   * Reads an archive, and goes on with the topics at the offsets where it ends.
   *
   * @throws IOException when there is no archive, or the topics do not go on where it ends
   */
  public void backfillThenLive(Path archive) throws IOException, InterruptedException {
    SwitchOffsets offsets = SwitchOffsets.behind(ArchiveManifest.read(archive), config);
    ReplayPlan plan = ReplayPlan.ofArchive(archive, LogRange.ALL);
    build(sources().backfillThenLive(plan, offsets), promotions(), IntervalClock.WALL);
  }

  /** Reads files, and ends. */
  public void replay(ReplayPlan plan) {
    build(sources().replay(plan), null, IntervalClock.EVENT);
  }

  /** Reads a range of the topics, and ends. */
  public void replay(TopicRange range) {
    build(sources().replay(range), null, IntervalClock.EVENT);
  }

  private EventSources sources() {
    return new EventSources(environment, config);
  }

  /** Null where there is nobody to be promoted. */
  private @Nullable DataStream<LearnerInput> promotions() {
    return config.challengers().isEmpty() ? null : PromotionSource.of(environment, config);
  }

  private void build(
      DataStream<InputRecord> input,
      @Nullable DataStream<LearnerInput> promotions,
      IntervalClock intervals) {
    new KafkaSinks(config).write(FusedJob.of(input, promotions, config, intervals));
  }
}

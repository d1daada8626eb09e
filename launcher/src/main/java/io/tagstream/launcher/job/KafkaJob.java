package io.tagstream.launcher.job;

import io.tagstream.launcher.archive.ArchiveManifest;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.replay.LogRange;
import io.tagstream.launcher.replay.ReplayPlan;
import io.tagstream.profile.IntervalClock;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.jspecify.annotations.Nullable;

/** A job with its ends: what it reads, and Kafka for what it writes. */
public final class KafkaJob {

  private final StreamExecutionEnvironment environment;
  private final TagstreamConfig config;
  private final JobShape shape;

  /** The fused job, to be built in an environment; the caller executes it. */
  public KafkaJob(StreamExecutionEnvironment environment, TagstreamConfig config) {
    this(environment, config, JobShape.FUSED);
  }

  /** A job to be built in an environment; the caller executes it. */
  public KafkaJob(StreamExecutionEnvironment environment, TagstreamConfig config, JobShape shape) {
    this.environment = environment;
    this.config = config;
    this.shape = shape;
  }

  /** Reads what a features job writes, for ever. */
  public void learn() {
    DataStream<LearnerInput> samples = new SampleSource(environment, config).inputs();
    new KafkaSinks(config).write(LearnerJob.of(samples, promotions(), config, IntervalClock.WALL));
  }

  /**
   * Reads the topics, for ever.
   *
   * @throws IOException when a topic is missing or the broker does not answer
   */
  public void live(SwitchOffsets offsets) throws IOException, InterruptedException {
    build(sources().live(offsets), IntervalClock.WALL);
  }

  /**
   * Reads an archive, and goes on with the topics at the offsets where it ends.
   *
   * @throws IOException when there is no archive, or the topics do not go on where it ends
   */
  public void backfillThenLive(Path archive) throws IOException, InterruptedException {
    SwitchOffsets offsets = SwitchOffsets.behind(ArchiveManifest.read(archive), config);
    ReplayPlan plan = ReplayPlan.ofArchive(archive, LogRange.ALL);
    build(sources().backfillThenLive(plan, offsets), IntervalClock.WALL);
  }

  /**
   * Reads files, and ends.
   *
   * @throws IOException when a topic is missing or the broker does not answer
   */
  public void replay(ReplayPlan plan) throws IOException, InterruptedException {
    build(sources().replay(plan), IntervalClock.EVENT);
  }

  /**
   * Reads a range of the topics, and ends.
   *
   * @throws IOException when a topic is missing or the broker does not answer
   */
  public void replay(TopicRange range) throws IOException, InterruptedException {
    build(sources().replay(range), IntervalClock.EVENT);
  }

  private EventSources sources() {
    return new EventSources(environment, config);
  }

  /** Null where there is nobody to be promoted. */
  private @Nullable DataStream<LearnerInput> promotions() {
    return config.challengers().isEmpty() ? null : PromotionSource.of(environment, config);
  }

  private void build(DataStream<InputRecord> input, IntervalClock intervals)
      throws IOException, InterruptedException {
    KafkaSinks sinks = new KafkaSinks(config);
    switch (shape) {
      case FUSED -> {
        // A replay ends: nobody gives it commands.
        DataStream<LearnerInput> promotions = intervals == IntervalClock.WALL ? promotions() : null;
        sinks.write(FusedJob.of(input, promotions, config, intervals));
      }
      case FEATURES -> sinks.write(FeaturesJob.of(input, config), partitions());
      case LEARNER -> throw new IllegalStateException("a learner job reads no events");
    }
  }

  private int partitions() throws IOException, InterruptedException {
    return TopicOffsets.of(config, List.of(Topic.TRAINING_SAMPLES), OffsetSpec.latest()).size();
  }
}

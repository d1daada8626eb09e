package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.ingestion.decode.RecordDecoder;
import io.tagstream.ingestion.flink.EventTimeWatermarks;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.FusedJob;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.learner.snapshot.SnapshotManifest;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that fails and comes back learns what an undisturbed one learns. */
class RecoveryITCase {

  private static final int PART = 700;

  /** Those with events in every part: each partition then moves the watermark in each part. */
  private static final List<Topic> READ =
      List.of(Topic.IMPRESSIONS, Topic.CLICKS, Topic.STAYS, Topic.CONVERSIONS);

  private static EventTopics topics;
  private static World world;

  @TempDir private static Path folder;

  @BeforeAll
  static void startBroker() throws Exception {
    world = World.of(13, 30, 4 * PART);
    topics = EventTopics.start(folder);
  }

  @AfterAll
  static void stopBroker() {
    if (topics != null) {
      topics.close();
    }
  }

  @Test
  void samplesAndModelEqualThoseOfAnUndisturbedRun() throws Exception {
    // Both runs read the same topics; the disturbed one first, while they fill.
    String disturbed = "disturbed";
    TagstreamConfig disturbedConfig = deterministic(folder.resolve("models-disturbed"));
    topics.send(part(0));
    topics.flush();
    String savepoint;
    try (RunningJob job = start(disturbedConfig, disturbed, Saboteur.options())) {
      job.awaitAccepted(PART);
      job.awaitCheckpointAfter(0);
      Saboteur.strike(job);
      topics.send(part(1));
      topics.flush();
      job.awaitAccepted(2 * PART);
      job.awaitCheckpointAfter(job.newestCheckpoint());
      topics.send(part(2));
      topics.flush();
      job.awaitAccepted(2 * PART + PART / 2);
      long checkpoint = job.newestCheckpoint();
      Saboteur.strike(job);
      job.awaitCheckpointAfter(checkpoint);
      job.awaitAccepted(3 * PART);
      savepoint = job.suspend();
    }
    // Without checkpoints of its own the next failure goes back to the savepoint.
    Configuration options = Saboteur.options();
    options.addAll(withoutCheckpoints());
    options.addAll(RunningJob.from(savepoint));
    topics.send(part(3));
    topics.flush();
    int samplesBefore = SampleRecorder.of(disturbed).samples().size();
    long restoredSteps;
    try (RunningJob job = start(disturbedConfig, disturbed, options)) {
      job.await(
          "samples of the last part",
          () -> SampleRecorder.of(disturbed).samples().size() > samplesBefore);
      int repeated = SampleRecorder.of(disturbed).repeated();
      Saboteur.strike(job);
      job.await(
          "samples again after the restart",
          () -> SampleRecorder.of(disturbed).repeated() > repeated);
      job.awaitAccepted(world.events().size());
      awaitLastWatermark(job, disturbed);
      job.suspend();
      assertThat(job.accountedFor()).isEqualTo(world.events().size());
      assertThat(job.accounting("alarms")).isZero();
      restoredSteps = job.metric("learner.steps");
    }

    String undisturbed = "undisturbed";
    TagstreamConfig config = deterministic(folder.resolve("models"));
    long steps;
    try (RunningJob job = start(config, undisturbed, withoutCheckpoints())) {
      job.awaitAccepted(world.events().size());
      awaitLastWatermark(job, undisturbed);
      job.suspend();
      assertThat(job.metric("features.lateFacts")).isZero();
      steps = job.metric("learner.steps");
    }

    SampleRecorder.Recording restored = SampleRecorder.of(disturbed);
    assertThat(restored.repeated()).as("samples that a restart repeated").isPositive();
    assertThat(restored.conflicts()).isZero();
    assertThat(differing(restored, SampleRecorder.of(undisturbed)))
        .as("samples that only one run made, or that differ")
        .isEmpty();
    assertThat(restoredSteps).isEqualTo(steps).isGreaterThan(10);
    assertThat(digest(disturbedConfig, restoredSteps)).isEqualTo(digest(config, steps));
  }

  /** A failure names what differs, not thousands of samples that do not. */
  private static Set<SampleRecorder.Key> differing(
      SampleRecorder.Recording one, SampleRecorder.Recording other) {
    Map<SampleRecorder.Key, ByteBuffer> left = one.samples();
    Map<SampleRecorder.Key, ByteBuffer> right = other.samples();
    assertThat(right).hasSizeGreaterThan(PART);
    Set<SampleRecorder.Key> keys = new HashSet<>(left.keySet());
    keys.addAll(right.keySet());
    keys.removeIf(key -> Objects.equals(left.get(key), right.get(key)));
    return keys;
  }

  private static List<WorldEvent> part(int number) {
    return world.events().subList(number * PART, (number + 1) * PART);
  }

  private static TagstreamConfig deterministic(Path models) throws Exception {
    return topics.configWith(
        """
        batch.mode: deterministic
        snapshots.interval: 1 ms
        """,
        "snapshots.directory: '" + models + "'");
  }

  private static Configuration withoutCheckpoints() {
    Configuration options = new Configuration();
    options.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofHours(1));
    return options;
  }

  private static RunningJob start(TagstreamConfig config, String run, Configuration options)
      throws Exception {
    return RunningJob.start(
        config,
        folder.resolve(run),
        options,
        environment -> {
          build(environment, config, run);
          Saboteur.hire(environment);
        });
  }

  /** The fused job from Kafka, its samples recorded, its other outputs let go. */
  private static void build(
      StreamExecutionEnvironment environment, TagstreamConfig config, String run) {
    KafkaSource<InputRecord> source =
        KafkaSource.<InputRecord>builder()
            .setBootstrapServers(config.kafka().bootstrapServers())
            .setTopics(READ.stream().map(config.topics()::name).toList())
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setDeserializer(new Decoding(new RecordDecoder(config.ingestion(), config.formats())))
            .build();
    FusedJob.Outputs outputs =
        FusedJob.of(
            environment
                .fromSource(source, EventTimeWatermarks.strategy(config.ingestion()), "events")
                .uid("events"),
            config);
    outputs.samples().sinkTo(new SampleRecorder(run)).uid("samples");
    outputs.profiles().sinkTo(new DiscardingSink<>()).uid("profiles");
  }

  /**
   * Waits for the last watermark the events give, where both runs are cut. They are not drained: of
   * two sources one ends first, the other's watermark then counts alone, and which windows that
   * closes is a matter of luck.
   */
  private static void awaitLastWatermark(RunningJob job, String run) throws Exception {
    Map<List<Object>, Long> newest = new HashMap<>();
    for (Topic topic : READ) {
      SingleObjectCodec<? extends SpecificRecordBase> codec =
          new SingleObjectCodec<>(topic.recordClass());
      for (ConsumerRecord<byte[], byte[]> record : topics.read(topic)) {
        SpecificRecordBase event = codec.decode(record.value());
        long time = (long) event.get(event.getSchema().getField("eventTimeMillis").pos());
        newest.merge(List.of(topic, record.partition()), time, Math::max);
      }
    }
    long slowest = newest.values().stream().mapToLong(each -> each).min().orElseThrow();
    long last = slowest - topics.config().ingestion().watermarkBound().toMillis() - 1;
    job.await("the watermark " + last, () -> SampleRecorder.of(run).watermark() >= last);
  }

  /**
   * Digest of the model after so many steps; it is written beside the job, so it may take a moment.
   */
  private static String digest(TagstreamConfig config, long steps) throws Exception {
    Path snapshot =
        Path.of(config.snapshots().directory(), config.learner().model().name() + "-" + steps);
    Eventually.await(
        "the model snapshot " + snapshot,
        Duration.ofSeconds(10),
        () -> Files.exists(snapshot.resolve(SnapshotManifest.FILE)));
    return SnapshotManifest.read(snapshot).digest();
  }

  private record Decoding(RecordDecoder decoder)
      implements KafkaRecordDeserializationSchema<InputRecord> {

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<InputRecord> out) {
      out.collect(
          decoder.decode(
              record.topic(),
              record.partition(),
              record.offset(),
              record.timestamp(),
              record.key(),
              record.value(),
              List.of()));
    }

    @Override
    public TypeInformation<InputRecord> getProducedType() {
      return new AvroTypeInfo<>(InputRecord.class);
    }
  }
}

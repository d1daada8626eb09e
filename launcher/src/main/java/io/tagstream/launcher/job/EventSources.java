package io.tagstream.launcher.job;

import io.tagstream.ingestion.decode.RecordDecoder;
import io.tagstream.ingestion.flink.EventTimeWatermarks;
import io.tagstream.ingestion.flink.LastWatermarkOperator;
import io.tagstream.launcher.config.KafkaOptions.StartingOffsets;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.replay.LogSource;
import io.tagstream.launcher.replay.ReplayPlan;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.base.source.hybrid.HybridSource;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Where the job's records come from. Whatever the source, records that say something about users
 * and items are read first, as far as they are known at the start, and then the events.
 */
public final class EventSources {

  private static final Duration ALIGNMENT_UPDATE = Duration.ofMillis(100);

  private static final String FETCH_BYTES = String.valueOf(128 << 10);

  private static final AvroTypeInfo<InputRecord> TYPE = new AvroTypeInfo<>(InputRecord.class);

  private final StreamExecutionEnvironment environment;
  private final TagstreamConfig config;
  private final WatermarkStrategy<InputRecord> watermarks;

  /** Sources in an environment. */
  public EventSources(StreamExecutionEnvironment environment, TagstreamConfig config) {
    this(environment, config, EventTimeWatermarks.strategy(config.ingestion()));
  }

  private EventSources(
      StreamExecutionEnvironment environment,
      TagstreamConfig config,
      WatermarkStrategy<InputRecord> watermarks) {
    this.environment = environment;
    this.config = config;
    this.watermarks = watermarks;
  }

  /** Sources whose watermarks come with every event, for replays that repeat themselves exactly. */
  public static EventSources withEagerWatermarks(
      StreamExecutionEnvironment environment, TagstreamConfig config) {
    return new EventSources(
        environment, config, EventTimeWatermarks.eagerStrategy(config.ingestion()));
  }

  /**
   * The topics, for ever.
   *
   * @param offsets where each phase begins and ends
   */
  public DataStream<InputRecord> live(SwitchOffsets offsets) {
    return events(
            HybridSource.builder(referenceTopics(offsets)).addSource(liveEvents(offsets)).build())
        .union(updates(offsets));
  }

  /**
   * An archive, and then the topics for ever.
   *
   * @param archive all of it
   * @param offsets of the topics; events begin where the archive ends
   */
  public DataStream<InputRecord> backfillThenLive(ReplayPlan archive, SwitchOffsets offsets) {
    return events(
            HybridSource.builder(files(archive, topic -> !topic.event(), false))
                .addSource(referenceTopics(offsets))
                .addSource(files(archive, Topic::event, false))
                .addSource(liveEvents(offsets))
                .build())
        .union(updates(offsets));
  }

  /** Files, and no more. */
  public DataStream<InputRecord> replay(ReplayPlan plan) {
    return withLastWatermark(
        events(
            HybridSource.builder(files(plan, topic -> !topic.event(), false))
                .addSource(files(plan, Topic::event, true))
                .build()));
  }

  /** What is in a range of the topics, and no more. */
  public DataStream<InputRecord> replay(TopicRange range) {
    KafkaSourceBuilder<InputRecord> reference =
        reader("reference")
            .setTopics(topics(topic -> !topic.event()))
            .setStartingOffsets(new StartOffsets(range.starts(), StartingOffsets.EARLIEST))
            .setBounded(OffsetsInitializer.offsets(range.ends()));
    KafkaSourceBuilder<InputRecord> events =
        reader("events")
            .setTopics(topics(Topic::event))
            .setStartingOffsets(new StartOffsets(range.starts(), StartingOffsets.EARLIEST))
            .setBounded(OffsetsInitializer.offsets(range.ends()));
    return withLastWatermark(
        events(HybridSource.builder(bounded(reference)).addSource(bounded(events)).build()));
  }

  private DataStream<InputRecord> events(HybridSource<InputRecord> phases) {
    Duration drift = config.pipeline().alignmentDrift();
    WatermarkStrategy<InputRecord> aligned =
        drift.isZero()
            ? watermarks
            : watermarks.withWatermarkAlignment("events", drift, ALIGNMENT_UPDATE);
    return environment
        .fromSource(new PhasedSource<>(phases), aligned, "events", TYPE)
        .uid("events");
  }

  private DataStream<InputRecord> withLastWatermark(DataStream<InputRecord> events) {
    return LastWatermarkOperator.behind(events, config.ingestion());
  }

  private Source<InputRecord, ?, ?> files(ReplayPlan plan, Predicate<Topic> wanted, boolean last) {
    return ClosedOnceSource.of(new LogSource(plan.of(wanted), config, last));
  }

  /** Items and users as they are known at the start. */
  private Source<InputRecord, ?, ?> referenceTopics(SwitchOffsets offsets) {
    return bounded(
        reader("reference")
            .setTopics(SwitchOffsets.referenceTopics(config))
            .setStartingOffsets(new StartOffsets(offsets.archiveEnds(), StartingOffsets.EARLIEST))
            .setBounded(OffsetsInitializer.offsets(offsets.referenceEnds())));
  }

  private Source<InputRecord, ?, ?> liveEvents(SwitchOffsets offsets) {
    return ClosedOnceSource.of(
        reader("events")
            .setTopics(topics(Topic::event))
            .setStartingOffsets(
                new StartOffsets(offsets.archiveEnds(), config.kafka().startingOffsets()))
            .build());
  }

  /** Items, users and deletions as they come. They are no events: time does not wait for them. */
  private DataStream<InputRecord> updates(SwitchOffsets offsets) {
    KafkaSource<InputRecord> updates =
        reader("updates")
            .setTopics(topics(topic -> !topic.event()))
            .setStartingOffsets(
                new StartOffsets(offsets.updateStarts(), config.kafka().startingOffsets()))
            .build();
    WatermarkStrategy<InputRecord> idle =
        WatermarkStrategy.<InputRecord>forGenerator(context -> new IdleWatermarks<>())
            .withTimestampAssigner(EventTimeWatermarks.timestamps());
    return environment.fromSource(updates, idle, "updates", TYPE).uid("updates");
  }

  private static Source<InputRecord, ?, ?> bounded(KafkaSourceBuilder<InputRecord> source) {
    return ClosedOnceSource.of(new BoundedKafkaSource(source.build()));
  }

  private List<String> topics(Predicate<Topic> wanted) {
    return config.ingestion().topics().entrySet().stream()
        .filter(topic -> wanted.test(topic.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private KafkaSourceBuilder<InputRecord> reader(String name) {
    return KafkaSource.<InputRecord>builder()
        .setClientIdPrefix(config.kafka().groupId() + "-" + name)
        // Of a backlog, the client hands out one partition's fetch after the other. Large ones
        // keep the last partition silent for longer than the idleness, and then make it late.
        .setProperty("max.partition.fetch.bytes", FETCH_BYTES)
        .setProperties(config.kafka().connectorProperties())
        .setGroupId(config.kafka().groupId())
        // Producers of the input may be transactional: what was rolled back never happened.
        .setProperty("isolation.level", "read_committed")
        // The readers of a hybrid source would give every client metric twice.
        .setProperty("register.consumer.metrics", "false")
        .setDeserializer(
            new InputRecordDeserializer(new RecordDecoder(config.ingestion(), config.formats())));
  }
}

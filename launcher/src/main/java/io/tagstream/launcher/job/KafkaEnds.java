package io.tagstream.launcher.job;

import io.tagstream.ingestion.decode.RecordDecoder;
import io.tagstream.ingestion.flink.EventTimeWatermarks;
import io.tagstream.launcher.config.KafkaOptions.Delivery;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.ModelSnapshot;
import io.tagstream.schemas.ProfileUpdate;
import io.tagstream.schemas.QuarantinedSample;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserTagChange;
import io.tagstream.schemas.UserTagProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.base.source.hybrid.HybridSource;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.common.TopicPartition;

/** Kafka at both ends of the fused job. */
public final class KafkaEnds {

  private static final Duration ALIGNMENT_UPDATE = Duration.ofMillis(100);

  private static final String FETCH_BYTES = String.valueOf(128 << 10);

  private static final AvroTypeInfo<InputRecord> TYPE = new AvroTypeInfo<>(InputRecord.class);

  private final TagstreamConfig config;

  private KafkaEnds(TagstreamConfig config) {
    this.config = config;
  }

  /**
   * Builds the whole job in an environment; the caller executes it.
   *
   * @param referenceEnds ends of the topics of items and users, as {@link ReferenceOffsets} found
   *     them: they are read up to there before any event flows
   */
  public static void build(
      StreamExecutionEnvironment environment,
      TagstreamConfig config,
      Map<TopicPartition, Long> referenceEnds) {
    KafkaEnds ends = new KafkaEnds(config);
    FusedJob.Outputs outputs = FusedJob.of(ends.source(environment, referenceEnds), config);
    ends.sinks(outputs);
  }

  private DataStream<InputRecord> source(
      StreamExecutionEnvironment environment, Map<TopicPartition, Long> referenceEnds) {
    return events(environment, referenceEnds).union(updates(environment, referenceEnds));
  }

  /** Items and users as they are known at the start, and then the events. */
  private DataStream<InputRecord> events(
      StreamExecutionEnvironment environment, Map<TopicPartition, Long> referenceEnds) {
    KafkaSource<InputRecord> reference =
        reader("reference")
            .setTopics(ReferenceOffsets.topics(config))
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setBounded(OffsetsInitializer.offsets(referenceEnds))
            .build();
    KafkaSource<InputRecord> events =
        reader("events")
            .setTopics(topics(Topic::event))
            .setStartingOffsets(new StartOffsets(Map.of(), config.kafka().startingOffsets()))
            .build();
    WatermarkStrategy<InputRecord> watermarks = EventTimeWatermarks.strategy(config.ingestion());
    Duration drift = config.pipeline().alignmentDrift();
    if (!drift.isZero()) {
      watermarks = watermarks.withWatermarkAlignment("events", drift, ALIGNMENT_UPDATE);
    }
    return environment
        .fromSource(
            HybridSource.builder(reference).addSource(events).build(), watermarks, "events", TYPE)
        .uid("events");
  }

  /** Items, users and deletions as they come. They are no events: time does not wait for them. */
  private DataStream<InputRecord> updates(
      StreamExecutionEnvironment environment, Map<TopicPartition, Long> referenceEnds) {
    KafkaSource<InputRecord> updates =
        reader("updates")
            .setTopics(topics(topic -> !topic.event()))
            .setStartingOffsets(new StartOffsets(referenceEnds, config.kafka().startingOffsets()))
            .build();
    WatermarkStrategy<InputRecord> idle =
        WatermarkStrategy.<InputRecord>forGenerator(context -> new IdleWatermarks<>())
            .withTimestampAssigner(EventTimeWatermarks.timestamps());
    return environment.fromSource(updates, idle, "updates", TYPE).uid("updates");
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
        .setProperties(properties())
        .setGroupId(config.kafka().groupId())
        // Producers of the input may be transactional: what was rolled back never happened.
        .setProperty("isolation.level", "read_committed")
        // The two readers of the hybrid source would give every client metric twice.
        .setProperty("register.consumer.metrics", "false")
        .setDeserializer(
            new InputRecordDeserializer(new RecordDecoder(config.ingestion(), config.formats())));
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.putAll(config.kafka().clientProperties());
    return properties;
  }

  private void sinks(FusedJob.Outputs outputs) {
    write(
        outputs.profiles(),
        Topic.USER_TAG_PROFILES,
        new RecordSerializer<>(
            name(Topic.USER_TAG_PROFILES),
            UserTagProfile.class,
            ProfileUpdate::getUserId,
            ProfileUpdate::getProfile));
    write(
        outputs.changes(),
        Topic.USER_TAG_CHANGES,
        new RecordSerializer<>(
            name(Topic.USER_TAG_CHANGES),
            UserTagChange.class,
            UserTagChange::getUserId,
            change -> change));
    write(
        outputs.deadLetters(),
        Topic.DEAD_LETTERS,
        new DeadLetterSerializer(name(Topic.DEAD_LETTERS)));
    // The learner has one subtask, and so have those that write what it says.
    write(
            outputs.metrics(),
            Topic.MODEL_METRICS,
            new RecordSerializer<>(
                name(Topic.MODEL_METRICS),
                ModelMetrics.class,
                ModelMetrics::getModel,
                metrics -> metrics))
        .setParallelism(1);
    write(
            outputs.snapshots(),
            Topic.MODEL_SNAPSHOTS,
            new RecordSerializer<>(
                name(Topic.MODEL_SNAPSHOTS),
                ModelSnapshot.class,
                ModelSnapshot::getModel,
                snapshot -> snapshot))
        .setParallelism(1);
    write(
            outputs.quarantined(),
            Topic.QUARANTINED_SAMPLES,
            new RecordSerializer<>(
                name(Topic.QUARANTINED_SAMPLES),
                QuarantinedSample.class,
                quarantined -> quarantined.getSample().getUserId(),
                quarantined -> quarantined))
        .setParallelism(1);
  }

  private <E> DataStreamSink<E> write(
      DataStream<E> stream, Topic topic, KafkaRecordSerializationSchema<E> serializer) {
    KafkaSinkBuilder<E> sink =
        KafkaSink.<E>builder()
            .setBootstrapServers(config.kafka().bootstrapServers())
            .setKafkaProducerConfig(properties())
            .setProperty("register.producer.metrics", "false")
            .setRecordSerializer(serializer);
    if (config.kafka().delivery() == Delivery.EXACTLY_ONCE) {
      sink.setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
          .setTransactionalIdPrefix(config.kafka().groupId() + "-" + topic.defaultName())
          .setProperty(
              "transaction.timeout.ms",
              String.valueOf(config.kafka().transactionTimeout().toMillis()));
    } else {
      sink.setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE);
    }
    String uid = topic.defaultName() + "-sink";
    return stream.sinkTo(sink.build()).uid(uid).name(uid);
  }

  private String name(Topic topic) {
    return config.topics().name(topic);
  }
}

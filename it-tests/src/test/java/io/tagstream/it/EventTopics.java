package io.tagstream.it;

import io.tagstream.launcher.broker.EmbeddedBroker;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.topics.KafkaTopics;
import io.tagstream.launcher.topics.TopicSpec;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.codec.MalformedRecordException;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A real broker with all topics of a deployment, a producer to them, and a reader of what is in
 * them. One idempotent producer: what is sent is there once, in its order per partition.
 */
final class EventTopics implements AutoCloseable {

  /**
   * What the planted world's events carry; small networks and batches. No partition falls idle: a
   * test that takes long between two halves of its events must not make the second one late. And
   * none waits for another one: that is without events for hours of this world's time.
   */
  private static final String SETTINGS =
      """
      kafka.group-id: tagstream-it
      topics.partitions: 2
      tasks: {click: click, stay: stay, conversion: 'conversion(purchase, subscribe)'}
      impressions.entities: [item]
      features.user-attributes: [ageGroup, region]
      features.context: [device]
      features.privileged: [category, creator]
      features.clicked: [category, creator]
      model.dimension: 8
      model.hidden: [8]
      embedding.dimension: 4
      batch.size: 64
      batch.flush-interval: 20 ms
      learner.device: cpu
      learner.seed: 7
      learner.metrics-interval: 1 s
      profiles.interval: 0 s
      state.managed-memory: 64 mb
      checkpoints.interval: 1 s
      watermarks.idleness: 10 min
      watermarks.alignment-drift: 0 s
      pipeline.restart-delay: 100 ms
      """;

  private final EmbeddedBroker broker;
  private final boolean owned;
  private final TagstreamConfig config;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  private EventTopics(EmbeddedBroker broker, boolean owned, TagstreamConfig config) {
    this.broker = broker;
    this.owned = owned;
    this.config = config;
    Map<String, Object> client = config.kafka().clientProperties();
    client.put("enable.idempotence", "true");
    // One request at a time: on a topic made a moment ago the first batch may be refused and the
    // second taken, and then the first is out of sequence for ever.
    client.put("max.in.flight.requests.per.connection", "1");
    client.put("linger.ms", "2");
    producer = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Starts a broker and makes the topics.
   *
   * @param folder for the broker's data
   * @param settings further settings as YAML, above those of all tests
   */
  static EventTopics start(Path folder, String... settings) throws Exception {
    EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"));
    try {
      return make(broker, true, settings);
    } catch (Exception e) {
      broker.close();
      throw e;
    }
  }

  /**
   * Makes the topics of another deployment on a broker that is there.
   *
   * @param name of the deployment, before the names of its topics
   */
  static EventTopics of(EmbeddedBroker broker, String name, String... settings) throws Exception {
    List<String> all = new ArrayList<>(List.of(settings));
    for (Topic topic : Topic.values()) {
      all.add("topics." + topic.defaultName() + ": " + name + "." + topic.defaultName());
    }
    return make(broker, false, all.toArray(String[]::new));
  }

  /** Uses topics that somebody makes, on a broker that is there. */
  static EventTopics madeByOthers(EmbeddedBroker broker, String... settings) throws Exception {
    return new EventTopics(broker, false, config(broker, settings));
  }

  private static EventTopics make(EmbeddedBroker broker, boolean owned, String... settings)
      throws Exception {
    TagstreamConfig config = config(broker, settings);
    try (Admin admin = Admin.create(config.kafka().clientProperties())) {
      new KafkaTopics(admin).create(TopicSpec.wanted(config.topics()));
    }
    return new EventTopics(broker, owned, config);
  }

  private static TagstreamConfig config(EmbeddedBroker broker, String... settings)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(SETTINGS));
    all.addAll(List.of(settings));
    return TagstreamConfig.parse("settings of the test", all.toArray(String[]::new))
        .withBootstrapServers(broker.bootstrapServers());
  }

  /** The configuration the topics were made for. */
  TagstreamConfig config() {
    return config;
  }

  /** The settings of all tests as a file's content, with the broker's address. */
  String yaml() {
    return SETTINGS + "kafka.bootstrap-servers: " + config.kafka().bootstrapServers() + "\n";
  }

  /** Another configuration of the same deployment. */
  TagstreamConfig configWith(String... settings) throws Exception {
    return config(broker, settings);
  }

  EmbeddedBroker broker() {
    return broker;
  }

  /** Sends events in their order; returns before they are there. */
  void send(List<WorldEvent> events) {
    for (WorldEvent event : events) {
      send(
          new ProducerRecord<>(
              config.topics().name(event.topic()),
              event.key().getBytes(StandardCharsets.UTF_8),
              encode(event.record())));
    }
  }

  /** Sends one record as it stands. */
  void send(ProducerRecord<byte[], byte[]> record) {
    send(record, place -> {});
  }

  /**
   * The same.
   *
   * @param placed told where it is, before {@link #flush} returns
   */
  void send(ProducerRecord<byte[], byte[]> record, Consumer<RecordMetadata> placed) {
    Future<RecordMetadata> unused =
        producer.send(
            record,
            (place, exception) -> {
              if (exception == null) {
                placed.accept(place);
              } else {
                failure.compareAndSet(null, exception);
              }
            });
  }

  /** Waits until everything sent is there. */
  void flush() {
    producer.flush();
    if (failure.get() != null) {
      throw new AssertionError("a record could not be sent", failure.get());
    }
  }

  /** A record's canonical bytes. */
  static <T extends SpecificRecordBase> byte[] encode(T record) {
    @SuppressWarnings("unchecked") // a record is of its own class
    Class<T> type = (Class<T>) record.getClass();
    return new SingleObjectCodec<>(type).encode(record);
  }

  /**
   * All committed records of a topic, from its beginning to where its end is now, in order per
   * partition.
   */
  List<ConsumerRecord<byte[], byte[]>> read(Topic topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    Map<String, Object> client = config.kafka().clientProperties();
    client.put("isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(config.topics().name(topic)).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  /** The same, decoded; a null value is not expected. */
  <T extends SpecificRecordBase> List<T> read(Topic topic, Class<T> type)
      throws MalformedRecordException {
    SingleObjectCodec<T> codec = new SingleObjectCodec<>(type);
    List<T> values = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : read(topic)) {
      values.add(codec.decode(record.value()));
    }
    return values;
  }

  /**
   * Waits for the last watermark the events give, where runs that are compared are cut. They are
   * not drained: of two sources one ends first, the other's watermark then counts alone, and which
   * windows that closes is a matter of luck.
   */
  void awaitLastWatermark(RunningJob job, String run) throws Exception {
    Map<TopicPartition, Long> newest = new HashMap<>();
    for (Topic topic : Topic.inputs()) {
      if (!topic.event()) {
        continue;
      }
      SingleObjectCodec<? extends SpecificRecordBase> codec =
          new SingleObjectCodec<>(topic.recordClass());
      for (ConsumerRecord<byte[], byte[]> record : read(topic)) {
        SpecificRecordBase event = codec.decode(record.value());
        long time = (long) event.get(event.getSchema().getField("eventTimeMillis").pos());
        newest.merge(new TopicPartition(record.topic(), record.partition()), time, Math::max);
      }
    }
    long slowest = newest.values().stream().mapToLong(each -> each).min().orElseThrow();
    long last = slowest - config.ingestion().watermarkBound().toMillis() - 1;
    job.await("the watermark " + last, () -> SampleRecorder.of(run).watermark() >= last);
  }

  /** Copies the input topics into an archive, or what is new in them. */
  void export(Path to) {
    List<String> unused =
        CommandRun.lines(
            List.of(
                "--json",
                "export",
                "--bootstrap-servers",
                config.kafka().bootstrapServers(),
                "--to",
                to.toString()));
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
    if (owned) {
      broker.close();
    }
  }
}

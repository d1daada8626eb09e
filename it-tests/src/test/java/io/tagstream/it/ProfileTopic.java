package io.tagstream.it;

import io.tagstream.launcher.broker.EmbeddedBroker;
import io.tagstream.schemas.StageName;
import io.tagstream.schemas.TagScore;
import io.tagstream.schemas.TaskTags;
import io.tagstream.schemas.UserTagProfile;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic of profiles with a name of its own on a real broker, and its writer. */
final class ProfileTopic implements AutoCloseable {

  private final String name;
  private final Map<String, Object> client;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  /**
   * Makes the topic, with one partition.
   *
   * @param settings beside compaction
   */
  ProfileTopic(EmbeddedBroker broker, String name, Map<String, String> settings) throws Exception {
    this.name = name;
    client = Map.of("bootstrap.servers", broker.bootstrapServers());
    admin = Admin.create(client);
    producer = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    create(settings);
  }

  private void create(Map<String, String> settings) throws Exception {
    NewTopic topic = new NewTopic(name, Optional.of(1), Optional.empty()).configs(settings);
    admin.createTopics(List.of(topic)).all().get();
  }

  String name() {
    return name;
  }

  /** Publishes a profile whose content is that of its version, and returns when it is there. */
  void publish(String userId, long version) throws Exception {
    publish(userId, version, version);
  }

  void publish(String userId, long version, long digest) throws Exception {
    send(0, userId, value(userId, version, digest));
  }

  /** Publishes a tombstone. */
  void forget(String userId) throws Exception {
    send(0, userId, null);
  }

  void send(int partition, String userId, byte[] value) throws Exception {
    byte[] key = userId.getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>(name, partition, key, value)).get(30, TimeUnit.SECONDS);
  }

  static byte[] value(String userId, long version, long digest) {
    return EventTopics.encode(
        UserTagProfile.newBuilder()
            .setUserId(userId)
            .setVersion(version)
            .setEventTimeMillis(1)
            .setPublishedAtMillis(2)
            .setModelVersion("m-1")
            .setTasks(List.of(new TaskTags("click", List.of(new TagScore("jazz", 0.5f)))))
            .setStageName(StageName.NEW)
            .setStages(List.of())
            .setCauses(List.of())
            .setContentDigest(digest)
            .build());
  }

  /** Publishes a profile in a transaction of its own. */
  void publishInTransaction(String userId, long version, boolean commit) {
    Map<String, Object> client = new HashMap<>(this.client);
    client.put("transactional.id", name);
    try (KafkaProducer<byte[], byte[]> transactional =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      transactional.initTransactions();
      transactional.beginTransaction();
      Future<RecordMetadata> unused =
          transactional.send(
              new ProducerRecord<>(
                  name,
                  0,
                  userId.getBytes(StandardCharsets.UTF_8),
                  value(userId, version, version)));
      if (commit) {
        transactional.commitTransaction();
      } else {
        transactional.flush();
        transactional.abortTransaction();
      }
    }
  }

  /** Removes all records of partition 0 before an offset. */
  void deleteBefore(long offset) throws Exception {
    admin
        .deleteRecords(Map.of(new TopicPartition(name, 0), RecordsToDelete.beforeOffset(offset)))
        .all()
        .get();
  }

  void growTo(int partitions) throws Exception {
    admin.createPartitions(Map.of(name, NewPartitions.increaseTo(partitions))).all().get();
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
  }
}

package io.tagstream.launcher.job;

import io.tagstream.launcher.config.KafkaOptions.Delivery;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.topics.TopicSpec;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.ModelSnapshot;
import io.tagstream.schemas.ProfileUpdate;
import io.tagstream.schemas.QuarantinedSample;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserTagChange;
import io.tagstream.schemas.UserTagProfile;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;

/** Where the job's results go. */
public final class KafkaSinks {

  private final TagstreamConfig config;

  /** Sinks to the topics of a deployment. */
  public KafkaSinks(TagstreamConfig config) {
    this.config = config;
  }

  /** Writes everything to its topic. */
  public void write(FusedJob.Outputs outputs) {
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
    // A learner has one subtask, and so have those that write what learners say.
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
    Properties producer = config.kafka().connectorProperties();
    // A dead letter is larger than its record: by Kafka's default the largest would stop the job.
    producer.putIfAbsent("max.request.size", String.valueOf(TopicSpec.DEAD_LETTER_BYTES));
    KafkaSinkBuilder<E> sink =
        KafkaSink.<E>builder()
            .setBootstrapServers(config.kafka().bootstrapServers())
            .setKafkaProducerConfig(producer)
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

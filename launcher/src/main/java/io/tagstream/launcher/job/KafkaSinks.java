package io.tagstream.launcher.job;

import io.tagstream.launcher.config.KafkaOptions.Delivery;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.topics.TopicSpec;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.ModelSnapshot;
import io.tagstream.schemas.ProfileUpdate;
import io.tagstream.schemas.QuarantinedSample;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.UserTagChange;
import io.tagstream.schemas.UserTagProfile;
import java.util.Properties;
import org.apache.flink.api.common.functions.FilterFunction;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
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
    writeDeadLetters(outputs.features().deadLetters());
    write(outputs.learner());
  }

  /**
   * Writes samples and score requests for a learner job. Samples come in transactions, whatever
   * {@code kafka.delivery} says of profiles: each is to be trained once. Requests do not wait for
   * checkpoints.
   *
   * @param partitions of the topic of samples
   */
  public void write(FeaturesJob.Outputs outputs, int partitions) {
    writeDeadLetters(outputs.deadLetters());
    DataStream<LearnerInput> samples =
        only("samples", outputs.samples(), input -> !(input.getBody() instanceof ScoreRequest))
            .transform(
                "time-marks",
                new AvroTypeInfo<>(LearnerInput.class),
                new TimeMarkOperator(partitions))
            .uid("time-marks");
    write(
        samples,
        Topic.TRAINING_SAMPLES,
        new LearnerInputSerializer<>(name(Topic.TRAINING_SAMPLES), TrainingSample.class),
        Delivery.EXACTLY_ONCE);
    write(
        only("requests", outputs.samples(), input -> !(input.getBody() instanceof TrainingSample)),
        Topic.SCORE_REQUESTS,
        new LearnerInputSerializer<>(name(Topic.SCORE_REQUESTS), ScoreRequest.class),
        Delivery.AT_LEAST_ONCE);
  }

  private static DataStream<LearnerInput> only(
      String name, DataStream<LearnerInput> inputs, FilterFunction<LearnerInput> wanted) {
    return inputs.filter(wanted).uid("only-" + name).name("only-" + name);
  }

  private void writeDeadLetters(DataStream<DeadLetter> deadLetters) {
    write(deadLetters, Topic.DEAD_LETTERS, new DeadLetterSerializer(name(Topic.DEAD_LETTERS)));
  }

  /** Writes what is learnt. */
  public void write(LearnerJob.Outputs outputs) {
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
    return write(stream, topic, serializer, config.kafka().delivery());
  }

  private <E> DataStreamSink<E> write(
      DataStream<E> stream,
      Topic topic,
      KafkaRecordSerializationSchema<E> serializer,
      Delivery delivery) {
    Properties producer = config.kafka().connectorProperties();
    // A dead letter is larger than its record: by Kafka's default the largest would stop the job.
    producer.putIfAbsent("max.request.size", String.valueOf(TopicSpec.DEAD_LETTER_BYTES));
    KafkaSinkBuilder<E> sink =
        KafkaSink.<E>builder()
            .setBootstrapServers(config.kafka().bootstrapServers())
            .setKafkaProducerConfig(producer)
            .setProperty("register.producer.metrics", "false")
            .setRecordSerializer(serializer);
    if (delivery == Delivery.EXACTLY_ONCE) {
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

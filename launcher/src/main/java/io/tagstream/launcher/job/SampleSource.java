package io.tagstream.launcher.job;

import io.tagstream.features.snapshot.FeatureSchema;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.TrainingSample;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What a features job wrote, as a learner job reads it. Time goes by the marks among the samples;
 * requests are answered whenever they come.
 */
final class SampleSource {

  private final StreamExecutionEnvironment environment;
  private final TagstreamConfig config;

  SampleSource(StreamExecutionEnvironment environment, TagstreamConfig config) {
    this.environment = environment;
    this.config = config;
  }

  /** Samples, score requests, deletions. */
  DataStream<LearnerInput> inputs() {
    DataStream<LearnerInput> samples =
        read(
            Topic.TRAINING_SAMPLES,
            new LearnerInputDeserializer<>(TrainingSample.class, TrainingSample::getUserId),
            WatermarkStrategy.forGenerator(context -> new MarkedTime()));
    DataStream<LearnerInput> requests =
        read(
            Topic.SCORE_REQUESTS,
            new LearnerInputDeserializer<>(ScoreRequest.class, ScoreRequest::getUserId),
            WatermarkStrategy.forGenerator(context -> new IdleWatermarks<>()));
    return samples.union(requests);
  }

  private DataStream<LearnerInput> read(
      Topic topic,
      LearnerInputDeserializer<?> deserializer,
      WatermarkStrategy<LearnerInput> watermarks) {
    String uid = topic.defaultName();
    KafkaSource<LearnerInput> source =
        KafkaSource.<LearnerInput>builder()
            .setClientIdPrefix(config.kafka().groupId() + "-" + uid)
            .setProperties(config.kafka().connectorProperties())
            .setGroupId(config.kafka().groupId())
            .setProperty("isolation.level", "read_committed")
            .setProperty("register.consumer.metrics", "false")
            .setTopics(config.topics().name(topic))
            .setStartingOffsets(new StartOffsets(Map.of(), config.kafka().startingOffsets()))
            .setDeserializer(deserializer)
            .build();
    return environment
        .fromSource(source, watermarks, uid, new AvroTypeInfo<>(LearnerInput.class))
        .uid(uid)
        .filter(new KnownFeatures(FeatureSchema.of(config.features()).digest()))
        .uid(uid + "-known")
        .name(uid + "-known");
  }
}

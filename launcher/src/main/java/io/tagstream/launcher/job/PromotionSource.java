package io.tagstream.launcher.job;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ModelPromotion;
import io.tagstream.schemas.Topic;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Promotions as the learners read them. A new job obeys what is said to it from its start on; a
 * restored one goes on where it was.
 */
final class PromotionSource {

  private static final String UID = "model-promotions";

  private PromotionSource() {}

  static DataStream<LearnerInput> of(
      StreamExecutionEnvironment environment, TagstreamConfig config) {
    KafkaSource<LearnerInput> source =
        KafkaSource.<LearnerInput>builder()
            .setClientIdPrefix(config.kafka().groupId() + "-promotions")
            .setProperties(config.kafka().connectorProperties())
            .setGroupId(config.kafka().groupId())
            .setProperty("register.consumer.metrics", "false")
            .setTopics(config.topics().name(Topic.MODEL_PROMOTIONS))
            .setStartingOffsets(OffsetsInitializer.latest())
            .setDeserializer(new LearnerInputDeserializer<>(ModelPromotion.class, of -> null))
            .build();
    return environment
        .fromSource(
            source,
            WatermarkStrategy.forGenerator(context -> new IdleWatermarks<>()),
            UID,
            new AvroTypeInfo<>(LearnerInput.class))
        .uid(UID)
        .setParallelism(1);
  }
}

package io.tagstream.launcher.job;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ModelPromotion;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.codec.MalformedRecordException;
import io.tagstream.schemas.codec.SingleObjectCodec;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
            .setDeserializer(new Deserializer())
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

  /** What is no promotion is logged and skipped: it must not stop the job. */
  private static final class Deserializer
      implements KafkaRecordDeserializationSchema<LearnerInput> {

    private static final Logger LOG = LoggerFactory.getLogger(PromotionSource.class);

    private transient @Nullable SingleObjectCodec<ModelPromotion> codec;

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<LearnerInput> out) {
      SingleObjectCodec<ModelPromotion> decoder = codec;
      if (decoder == null) {
        decoder = new SingleObjectCodec<>(ModelPromotion.class);
        codec = decoder;
      }
      try {
        out.collect(new LearnerInput("", decoder.decode(record.value())));
      } catch (MalformedRecordException e) {
        LOG.error(
            "{}-{}@{} is no promotion and changes nothing: {}",
            record.topic(),
            record.partition(),
            record.offset(),
            e.getMessage());
      }
    }

    @Override
    public TypeInformation<LearnerInput> getProducedType() {
      return new AvroTypeInfo<>(LearnerInput.class);
    }
  }
}

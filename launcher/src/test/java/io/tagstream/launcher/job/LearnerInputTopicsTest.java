package io.tagstream.launcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.schemas.Emission;
import io.tagstream.schemas.FeatureBags;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.TimeMark;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserExpiry;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** What stands in the topics between a features job and a learner job. */
class LearnerInputTopicsTest {

  private static final FeatureBags BAGS = new FeatureBags(List.of(1), List.of(9L));

  private final LearnerInputSerializer<TrainingSample> writer =
      new LearnerInputSerializer<>("samples", TrainingSample.class);
  private final LearnerInputDeserializer<TrainingSample> reader =
      new LearnerInputDeserializer<>(TrainingSample.class, TrainingSample::getUserId);

  static TrainingSample sample() {
    return TrainingSample.newBuilder()
        .setUserId("u")
        .setImpressionId("i")
        .setItemId("x")
        .setEntity("item")
        .setImpressionTimeMillis(5)
        .setKnownAtMillis(7)
        .setEmission(Emission.CLICK)
        .setFirst(true)
        .setUserFields(BAGS)
        .setTags(List.of("jazz"))
        .setTagWeights(List.of(1f))
        .setPrivileged(BAGS)
        .setLabels(List.of(1f))
        .setLabelled(List.of(true))
        .setPseudoLabels(List.of(0.5f))
        .setPseudoLabelled(List.of(false))
        .setSampleWeights(List.of(1f))
        .setFeatureSchemaVersion(3)
        .build();
  }

  static ScoreRequest request() {
    return new ScoreRequest("u", 5L, BAGS, List.of(0.5f), List.of(true), List.of(), 3L);
  }

  private List<LearnerInput> read(ProducerRecord<byte[], byte[]> written) {
    return read(
        new ConsumerRecord<>(
            "samples",
            0,
            1,
            0,
            TimestampType.LOG_APPEND_TIME,
            0,
            0,
            written.key(),
            written.value(),
            written.headers(),
            Optional.empty()));
  }

  private List<LearnerInput> read(ConsumerRecord<byte[], byte[]> record) {
    List<LearnerInput> inputs = new ArrayList<>();
    reader.deserialize(
        record,
        new Collector<>() {
          @Override
          public void collect(LearnerInput input) {
            inputs.add(input);
          }

          @Override
          public void close() {}
        });
    return inputs;
  }

  private ProducerRecord<byte[], byte[]> written(LearnerInput input) {
    return Objects.requireNonNull(writer.serialize(input, null, null));
  }

  @Test
  void aSampleIsAValueThatAnybodyCanRead() throws Exception {
    LearnerInput input = new LearnerInput("u", sample());
    ProducerRecord<byte[], byte[]> record = written(input);
    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("u");
    assertThat(record.partition()).as("by the key").isNull();
    assertThat(new SingleObjectCodec<>(TrainingSample.class).decode(record.value()))
        .isEqualTo(sample());
    assertThat(read(record)).containsExactly(input);
  }

  @Test
  void samplesStandInNoTopicOfRequests() throws Exception {
    LearnerInputSerializer<ScoreRequest> ofRequests =
        new LearnerInputSerializer<>("requests", ScoreRequest.class);
    ProducerRecord<byte[], byte[]> record =
        Objects.requireNonNull(ofRequests.serialize(new LearnerInput("u", request()), null, null));
    assertThat(new SingleObjectCodec<>(ScoreRequest.class).decode(record.value()))
        .isEqualTo(request());
    assertThat(read(record)).as("read as samples").isEmpty();
  }

  @Test
  void whatEndsAUserKeepsItsPlaceAmongTheUsersSamples() {
    for (LearnerInput input :
        List.of(
            new LearnerInput("u", new UserDeletion("u", 9L)),
            new LearnerInput("u", new UserExpiry("u", 9L)))) {
      ProducerRecord<byte[], byte[]> record = written(input);
      assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("u");
      assertThat(record.value()).isNull();
      assertThat(read(record)).containsExactly(input);
    }
  }

  @Test
  void timeGoesToThePartitionItIsSaidFor() {
    LearnerInput input = new LearnerInput("", new TimeMark(3, 0, 2, 77L));
    ProducerRecord<byte[], byte[]> record = written(input);
    assertThat(record.partition()).isEqualTo(3);
    assertThat(record.key()).isNull();
    assertThat(read(record)).containsExactly(input);
  }

  @Test
  void whatIsNoneOfTheseIsLeftOut() {
    assertThat(read(new ConsumerRecord<>("samples", 0, 1, new byte[0], null))).isEmpty();
    assertThat(read(new ConsumerRecord<>("samples", 0, 1, new byte[0], new byte[] {1, 2})))
        .isEmpty();
    ProducerRecord<byte[], byte[]> broken =
        new ProducerRecord<>("samples", new byte[0], (byte[]) null);
    broken.headers().add(LearnerInputSerializer.HEADER, new byte[] {4});
    assertThat(read(broken)).isEmpty();
  }

  @Test
  void everyTopicStandsInTheShapesThatUseIt() {
    assertThat(JobShape.FUSED.topics())
        .doesNotContain(Topic.TRAINING_SAMPLES, Topic.SCORE_REQUESTS)
        .hasSize(Topic.values().length - 2);
    assertThat(JobShape.FEATURES.topics())
        .containsAll(Topic.inputs())
        .contains(Topic.TRAINING_SAMPLES, Topic.SCORE_REQUESTS, Topic.DEAD_LETTERS)
        .hasSize(Topic.inputs().size() + 3);
    assertThat(JobShape.LEARNER.topics())
        .contains(Topic.TRAINING_SAMPLES, Topic.SCORE_REQUESTS, Topic.MODEL_PROMOTIONS)
        .contains(Topic.USER_TAG_PROFILES)
        .doesNotContain(Topic.CLICKS, Topic.DEAD_LETTERS);
  }
}

package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.schemas.Topic;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.codec.MalformedRecordException;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a features job has written. */
final class WrittenSamples {

  private WrittenSamples() {}

  /** The bytes of all committed samples by what names them, each of which must be there once. */
  static Map<SampleRecorder.Key, ByteBuffer> in(EventTopics topics)
      throws MalformedRecordException {
    SingleObjectCodec<TrainingSample> codec = new SingleObjectCodec<>(TrainingSample.class);
    Map<SampleRecorder.Key, ByteBuffer> samples = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : topics.read(Topic.TRAINING_SAMPLES)) {
      if (record.value() != null) {
        TrainingSample sample = codec.decode(record.value());
        SampleRecorder.Key key =
            new SampleRecorder.Key(sample.getImpressionId(), sample.getEmission());
        assertThat(samples.put(key, ByteBuffer.wrap(record.value())))
            .as("written twice: %s", key)
            .isNull();
      }
    }
    return samples;
  }
}

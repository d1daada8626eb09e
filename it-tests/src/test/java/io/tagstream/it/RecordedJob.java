package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.FusedJob;
import io.tagstream.profile.IntervalClock;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.ByteBuffer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.kafka.common.utils.Utils;

/** The fused job with its samples recorded, and its other outputs let go. */
final class RecordedJob {

  private RecordedJob() {}

  /**
   * Puts it behind a source.
   *
   * @param run name of the recording
   */
  static void of(DataStream<InputRecord> input, TagstreamConfig config, String run) {
    FusedJob.Outputs outputs = FusedJob.of(input, config, IntervalClock.WALL);
    outputs.samples().sinkTo(new SampleRecorder(run)).uid("samples");
    outputs.profiles().sinkTo(new DiscardingSink<>()).uid("profiles");
  }

  /**
   * Compares a run with a live one, whose last watermark is the cut: behind it, the end of the
   * other's input may let more be known.
   */
  static void assertSameSamples(String run, String liveRun) throws Exception {
    SampleRecorder.Recording live = SampleRecorder.of(liveRun);
    SampleRecorder.Recording other = SampleRecorder.of(run);
    SingleObjectCodec<TrainingSample> codec = new SingleObjectCodec<>(TrainingSample.class);
    for (SampleRecorder.Key key : other.differingFrom(live)) {
      ByteBuffer bytes = other.samples().get(key);
      assertThat(bytes).as("%s is in the live run only, or differs", key).isNotNull();
      assertThat(live.samples()).as("differs").doesNotContainKey(key);
      assertThat(codec.decode(Utils.toArray(bytes)).getKnownAtMillis())
          .isGreaterThan(live.watermark());
    }
  }
}

package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.EventSources;
import io.tagstream.launcher.job.FusedJob;
import io.tagstream.launcher.job.SwitchOffsets;
import io.tagstream.profile.IntervalClock;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
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

  /** Looks at a job that has been suspended. */
  @FunctionalInterface
  interface Look {
    void at(RunningJob job) throws Exception;
  }

  /**
   * Runs one job over everything that is in the topics, to the last watermark that the events give.
   *
   * @param run name of the recording, begun anew
   * @param events how many there are
   */
  static void undisturbed(
      EventTopics topics, TagstreamConfig config, Path folder, String run, int events, Look look)
      throws Exception {
    SampleRecorder.forget(run);
    try (RunningJob job =
        RunningJob.start(
            config,
            folder,
            new Configuration(),
            environment ->
                of(
                    new EventSources(environment, config).live(SwitchOffsets.live(config)),
                    config,
                    run))) {
      job.awaitAccepted(events);
      topics.awaitLastWatermark(job, run);
      job.suspend();
      assertThat(job.metric("features.lateFacts")).isZero();
      look.at(job);
    }
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

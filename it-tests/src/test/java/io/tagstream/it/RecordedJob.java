package io.tagstream.it;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.FusedJob;
import io.tagstream.profile.IntervalClock;
import io.tagstream.schemas.InputRecord;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

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
}

package io.tagstream.launcher.job;

import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.TimeMark;
import java.util.Arrays;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;

/**
 * Watermarks of one partition, from the marks in it: time has come as far as every writer says.
 * When the number of writers changes, all of the new ones are waited for.
 */
final class MarkedTime implements WatermarkGenerator<LearnerInput> {

  private long[] ofWriters = new long[0];

  @Override
  public void onEvent(LearnerInput input, long timestampMillis, WatermarkOutput output) {
    if (!(input.getBody() instanceof TimeMark mark)
        || mark.getWriter() < 0
        || mark.getWriter() >= mark.getWriters()) {
      return; // no mark, or none of ours: it must not stop the job
    }
    if (mark.getWriters() != ofWriters.length) {
      ofWriters = new long[mark.getWriters()];
      Arrays.fill(ofWriters, Long.MIN_VALUE);
    }
    ofWriters[mark.getWriter()] = mark.getWatermarkMillis();
    long slowest = Arrays.stream(ofWriters).min().orElse(Long.MIN_VALUE);
    if (slowest > Long.MIN_VALUE) {
      output.emitWatermark(new Watermark(slowest));
    }
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    // Time comes with marks alone.
  }
}

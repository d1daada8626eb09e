package io.tagstream.launcher.job;

import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;

/** Of records that tell no time: idle from the start and for ever, so that nothing waits for it. */
final class IdleWatermarks<T> implements WatermarkGenerator<T> {

  @Override
  public void onEvent(T record, long eventTimeMillis, WatermarkOutput output) {
    output.markIdle();
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    output.markIdle();
  }
}

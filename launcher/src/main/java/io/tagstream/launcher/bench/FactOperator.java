package io.tagstream.launcher.bench;

import io.tagstream.schemas.UserFact;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Turns ticks into facts with watermarks, by turns of its {@link Lane}. Everything behind it is
 * chained, so the time of a turn holds all the work its facts make.
 */
@SuppressWarnings("NullAway.Init") // Flink calls open before anything else
final class FactOperator extends AbstractStreamOperator<UserFact>
    implements OneInputStreamOperator<Long, UserFact> {

  private static final long serialVersionUID = 1L;

  /** Ticks between two watermarks. */
  static final int WATERMARK_TICKS = 64;

  private final FactStream stream;
  private final String laneName;
  private final long lagMillis;

  private transient Lane lane;
  private transient long left;
  private transient long startNanos;
  private transient long facts;

  FactOperator(FactStream stream, String laneName, long lagMillis) {
    this.stream = stream;
    this.laneName = laneName;
    this.lagMillis = lagMillis;
  }

  @Override
  public void open() throws Exception {
    super.open();
    lane = Lane.named(laneName);
  }

  @Override
  public void processElement(StreamRecord<Long> element) throws Exception {
    if (left == 0) {
      left = lane.nextOrder();
      startNanos = System.nanoTime();
      facts = 0;
    }
    long tick = element.getValue();
    stream.facts(
        tick,
        (fact, time) -> {
          facts++;
          output.collect(new StreamRecord<>(fact, time));
        });
    if (tick % WATERMARK_TICKS == 0) {
      output.emitWatermark(new Watermark(stream.timeMillis(tick) - lagMillis));
    }
    left--;
    if (left == 0) {
      lane.finish(new Lane.Turn(System.nanoTime() - startNanos, facts));
    }
  }

  @Override
  public void processWatermark(Watermark mark) {
    // Ticks carry no time of their own.
  }
}

package io.tagstream.features.flink;

import io.tagstream.features.record.KeptImpressions;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.List;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/** The impressions that are kept of the current key. */
final class KeptImpressionState implements KeptImpressions {

  private final MapState<Long, byte[]> state;

  KeptImpressionState(MapState<Long, byte[]> state) {
    this.state = state;
  }

  @Override
  public byte @Nullable [] get(long impressionId) {
    try {
      return state.get(impressionId);
    } catch (Exception e) {
      throw failed("reading", e);
    }
  }

  @Override
  public void put(long impressionId, byte[] packed) {
    try {
      state.put(impressionId, packed);
    } catch (Exception e) {
      throw failed("keeping", e);
    }
  }

  @Override
  public void remove(long impressionId) {
    try {
      state.remove(impressionId);
    } catch (Exception e) {
      throw failed("forgetting", e);
    }
  }

  @Override
  public List<Long> ids() {
    try {
      LongArrayList ids = new LongArrayList();
      for (long id : state.keys()) {
        ids.add(id);
      }
      return ids;
    } catch (Exception e) {
      throw failed("listing", e);
    }
  }

  private static FlinkRuntimeException failed(String what, Exception cause) {
    return new FlinkRuntimeException(what + " impressions kept for corrections failed", cause);
  }
}

package io.tagstream.ingestion.flink;

import io.tagstream.ingestion.join.KeptImpressions;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/** The impressions that are kept of the current key. */
final class KeptImpressionState implements KeptImpressions {

  private final MapState<String, byte[]> state;

  KeptImpressionState(MapState<String, byte[]> state) {
    this.state = state;
  }

  @Override
  public byte @Nullable [] get(String impressionId) {
    try {
      return state.get(impressionId);
    } catch (Exception e) {
      throw failed("reading", e);
    }
  }

  @Override
  public void put(String impressionId, byte[] packed) {
    try {
      state.put(impressionId, packed);
    } catch (Exception e) {
      throw failed("keeping", e);
    }
  }

  @Override
  public void remove(String impressionId) {
    try {
      state.remove(impressionId);
    } catch (Exception e) {
      throw failed("forgetting", e);
    }
  }

  @Override
  public List<String> ids() {
    try {
      List<String> ids = new ArrayList<>();
      state.keys().forEach(ids::add);
      return ids;
    } catch (Exception e) {
      throw failed("listing", e);
    }
  }

  private static FlinkRuntimeException failed(String what, Exception cause) {
    return new FlinkRuntimeException(what + " closed impressions failed", cause);
  }
}

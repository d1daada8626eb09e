package io.tagstream.ingestion.join;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Kept impressions of one user, in memory. */
final class MapKeptImpressions implements KeptImpressions {

  final Map<String, byte[]> byId = new HashMap<>();

  @Override
  public byte[] get(String impressionId) {
    return byId.get(impressionId);
  }

  @Override
  public void put(String impressionId, byte[] packed) {
    byId.put(impressionId, packed);
  }

  @Override
  public void remove(String impressionId) {
    byId.remove(impressionId);
  }

  @Override
  public List<String> ids() {
    return List.copyOf(byId.keySet());
  }
}

package io.tagstream.features.stay;

import java.util.List;

/** Bins between configured edges: bin b holds the stays that reach b of the edges. */
public final class ConfiguredEdges implements StayBins {

  private final long[] edges;

  /**
   * Bins between these edges.
   *
   * @param edgesMillis ascending, positive, milliseconds; one bin more than edges
   */
  public ConfiguredEdges(List<Long> edgesMillis) {
    this.edges = edgesMillis.stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public int bins() {
    return edges.length + 1;
  }

  @Override
  public int bin(long stayMillis) {
    int bin = 0;
    while (bin < edges.length && stayMillis >= edges[bin]) {
      bin++;
    }
    return bin;
  }
}

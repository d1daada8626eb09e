package io.tagstream.features.stay;

import java.util.List;

/**
 * Bins between edges: bin b holds the stays that reach b of them. The label of a stay is its bin,
 * scaled to [0, 1].
 */
public final class StayEdges {

  private final long[] edges;

  /**
   * Bins between these edges.
   *
   * @param edgesMillis at least one, ascending, positive, milliseconds; one bin more than edges
   */
  public StayEdges(List<Long> edgesMillis) {
    this.edges = edgesMillis.stream().mapToLong(Long::longValue).toArray();
  }

  /** Number of bins, at least 2. */
  public int bins() {
    return edges.length + 1;
  }

  /**
   * The bin of a stay, from 0.
   *
   * @param stayMillis length of the stay, not negative
   */
  public int bin(long stayMillis) {
    int bin = 0;
    while (bin < edges.length && stayMillis >= edges[bin]) {
      bin++;
    }
    return bin;
  }

  /** The label of a stay: bin / (bins − 1). */
  public float label(long stayMillis) {
    return bin(stayMillis) / (float) (bins() - 1);
  }
}

package io.tagstream.features.stay;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Bins that change with the hour of the impression. Those of an hour hold until the next version;
 * before the first, and where a version has no edges, the configured ones do.
 */
public final class StayBinVersions implements StayBins {

  private final StayEdges configured;
  private final TreeMap<Long, List<Long>> edges = new TreeMap<>();
  private final TreeMap<Long, StayEdges> versions = new TreeMap<>();

  /**
   * No version yet.
   *
   * @param configured hold where no others do
   */
  public StayBinVersions(StayEdges configured) {
    this.configured = configured;
  }

  /**
   * Adds a version, or replaces it.
   *
   * @param fromHour the first {@link EventHour} it holds for
   * @param edgesMillis ascending, positive, milliseconds; none for the configured edges
   */
  public void put(long fromHour, List<Long> edgesMillis) {
    edges.put(fromHour, List.copyOf(edgesMillis));
    versions.put(fromHour, edgesMillis.isEmpty() ? configured : new StayEdges(edgesMillis));
  }

  @Override
  public StayEdges at(long impressionTimeMillis) {
    Map.Entry<Long, StayEdges> version = versions.floorEntry(EventHour.of(impressionTimeMillis));
    return version == null ? configured : version.getValue();
  }

  /** Forgets what no impression needs that is shown at this time or later. */
  public void forgetBefore(long impressionTimeMillis) {
    Long needed = versions.floorKey(EventHour.of(impressionTimeMillis));
    if (needed != null) {
      edges.headMap(needed).clear();
      versions.headMap(needed).clear();
    }
  }

  /** The versions as {@link #put} takes them. */
  public void forEach(BiConsumer<Long, List<Long>> version) {
    edges.forEach(version);
  }
}

package io.tagstream.features.stay;

import java.util.ArrayList;
import java.util.List;

/** The oracle: keeps every stay, and for each question sorts those of the hours asked for. */
public final class NaiveStays {

  /** A stay in an hour. */
  public record Told(long hour, long stayMillis) {}

  private final List<Told> all;

  /** Knows all stays that ever come. */
  public NaiveStays(List<Told> all) {
    this.all = all;
  }

  /** Edges of an hour's bins; none when the configured ones hold. */
  public List<Long> edges(long hour, int bins, long historyHours) {
    List<Long> sorted =
        all.stream()
            .filter(told -> told.hour() <= hour - 2 && told.hour() > hour - 2 - historyHours)
            .map(told -> resolved(told.stayMillis()))
            .sorted()
            .toList();
    return sorted.size() < 10 * bins ? List.of() : edges(sorted, bins);
  }

  /** For each edge, every place between two unequal stays is tried. */
  static List<Long> edges(List<Long> sorted, int bins) {
    List<Long> edges = new ArrayList<>();
    for (int k = 1; k < bins; k++) {
      int nearest = 0;
      for (int i = 1; i < sorted.size(); i++) {
        if (!sorted.get(i).equals(sorted.get(i - 1))
            && (nearest == 0
                || distance(i, k, bins, sorted) < distance(nearest, k, bins, sorted))) {
          nearest = i;
        }
      }
      if (nearest > 0 && !edges.contains(sorted.get(nearest))) {
        edges.add(sorted.get(nearest));
      }
    }
    return edges;
  }

  /** The length that a stay is taken for: eleven binary digits, which is a thousandth. */
  static long resolved(long stayMillis) {
    long length = Math.min(stayMillis, 24 * 60 * 60 * 1_000L);
    int dropped = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(length) - 11);
    return length >> dropped << dropped;
  }

  private static long distance(int shorter, int k, int bins, List<Long> sorted) {
    return Math.abs((long) shorter * bins - (long) k * sorted.size());
  }
}

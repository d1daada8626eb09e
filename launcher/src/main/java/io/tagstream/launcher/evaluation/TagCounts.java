package io.tagstream.launcher.evaluation;

import it.unimi.dsi.fastutil.objects.Object2DoubleMap;
import it.unimi.dsi.fastutil.objects.Object2DoubleOpenHashMap;
import java.util.Comparator;
import java.util.Set;

/** How often each tag occurred, weighted; the empty count is 0. */
public final class TagCounts {

  private final Object2DoubleOpenHashMap<String> counts = new Object2DoubleOpenHashMap<>();
  private double total;

  /** Counts a tag. */
  public void add(String tag, double weight) {
    counts.addTo(tag, weight);
    total += weight;
  }

  /** Counts what others counted. */
  public void addAll(TagCounts others) {
    for (Object2DoubleMap.Entry<String> entry : others.counts.object2DoubleEntrySet()) {
      add(entry.getKey(), entry.getDoubleValue());
    }
  }

  void scale(double factor) {
    counts.replaceAll((tag, count) -> count * factor);
    total *= factor;
  }

  /** The tag's count. */
  public double of(String tag) {
    return counts.getDouble(tag);
  }

  /** The tag's share of everything counted; 0 when nothing was. */
  public double share(String tag) {
    return total == 0 ? 0 : counts.getDouble(tag) / total;
  }

  /** What was counted. */
  public Set<String> tags() {
    return counts.keySet();
  }

  /** Most frequent first, then by id. */
  public Comparator<String> byCount() {
    return Comparator.comparingDouble((String tag) -> -counts.getDouble(tag))
        .thenComparing(Comparator.naturalOrder());
  }
}

package io.tagstream.launcher.evaluation.interactions;

import io.tagstream.features.credit.ShapleyCredit;
import io.tagstream.features.credit.TagSets;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Shapley weights of tags by name, under what a user liked before. */
final class TagCredit {

  private final ShapleyCredit credit;
  private final Object2IntOpenHashMap<String> symbols = new Object2IntOpenHashMap<>();

  TagCredit(ShapleyCredit credit) {
    this.credit = credit;
    symbols.defaultReturnValue(-1);
  }

  /** Liked tag sets with their counts. */
  record Clicked(List<int[]> sets, List<Integer> counts) implements TagSets {

    @Override
    public int size() {
      return sets.size();
    }

    @Override
    public int clicks(int j) {
      return counts.get(j);
    }

    @Override
    public int tagCount(int j) {
      return sets.get(j).length;
    }

    @Override
    public int tag(int j, int i) {
      return sets.get(j)[i];
    }
  }

  /** The liked items of a history. */
  Clicked clicked(List<Interaction> history) {
    Map<List<String>, Integer> counts = new LinkedHashMap<>();
    for (Interaction each : history) {
      if (each.positive() && !each.tags().isEmpty()) {
        counts.merge(List.copyOf(new TreeSet<>(each.tags())), 1, Integer::sum);
      }
    }
    return new Clicked(
        counts.keySet().stream().map(this::symbols).toList(), List.copyOf(counts.values()));
  }

  /** Weight of each tag; their mean is 1. */
  float[] weights(Clicked clicked, List<String> tags) {
    float[] weights = new float[tags.size()];
    credit.weights(clicked, symbols(tags), tags.size(), weights);
    return weights;
  }

  private int[] symbols(List<String> tags) {
    return tags.stream()
        .mapToInt(tag -> symbols.computeIfAbsent(tag, absent -> symbols.size()))
        .toArray();
  }
}

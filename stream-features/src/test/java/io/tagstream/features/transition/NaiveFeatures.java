package io.tagstream.features.transition;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.FeatureIds;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.Opened;
import io.tagstream.schemas.TaskLabel;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserFact;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The oracle: recomputes everything of a sample from the plain list of a user's facts, by scanning
 * all of them for each question. Written from the words of the specification, with names in place
 * of symbols and no state.
 */
public final class NaiveFeatures {

  private static final long HOUR = 3_600_000L;
  private static final long DAY = 24 * HOUR;
  private static final int[] WINDOW_DAYS = {1, 7, 30};

  private final FeaturesConfig config;
  private final long windowMillis;
  private final List<Opened> opened = new ArrayList<>();
  private final Map<String, Opened> byId = new HashMap<>();
  private final List<LabeledImpression> labels = new ArrayList<>();
  private final List<User> users = new ArrayList<>();

  /** An oracle of one user's facts. */
  public NaiveFeatures(FeaturesConfig config, List<UserFact> facts) {
    this.config = config;
    this.windowMillis = config.labels().window().toMillis();
    for (UserFact fact : facts) {
      if (fact.getFact() instanceof Opened o) {
        opened.add(o);
        byId.put(o.getImpressionId(), o);
      } else if (fact.getFact() instanceof LabeledImpression l) {
        labels.add(l);
      } else {
        users.add((User) fact.getFact());
      }
    }
  }

  /** User fields of an impression, one list of ids per field. */
  List<List<Long>> userFields(Opened shown) {
    long t = shown.getImpressionTimeMillis();
    List<List<Long>> fields = new ArrayList<>();
    for (String name : config.fields().userAttributes()) {
      fields.add(single("user." + name, attribute(name, t)));
    }
    List<LabeledImpression> clicks = clicksBefore(t);
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (LabeledImpression click : clicks) {
      byId.get(click.getImpressionId())
          .getTags()
          .forEach(tag -> counts.merge(tag, 1, Integer::sum));
    }
    fields.add(
        counts.keySet().stream().limit(config.fields().lastTags()).map(FeatureIds::ofTag).toList());
    fields.add(topTags(counts, config.fields().topTags()));
    Map<String, Integer> shownCounts = new LinkedHashMap<>();
    shownBefore(shown)
        .forEach(o -> o.getTags().forEach(tag -> shownCounts.merge(tag, 1, Integer::sum)));
    fields.add(topTags(shownCounts, config.fields().shownTags()));
    for (String field : config.fields().clicked()) {
      Set<Long> values = new LinkedHashSet<>();
      for (LabeledImpression click : clicks) {
        String value = byId.get(click.getImpressionId()).getPrivileged().get(field);
        if (value != null) {
          values.add(FeatureIds.of("item." + field, value));
        }
      }
      fields.add(values.stream().limit(config.fields().lastValues()).toList());
    }
    for (int task = 0; task < config.tasks().size(); task++) {
      for (int days : WINDOW_DAYS) {
        double[] countAndSum = matured(task, days, t);
        fields.add(
            countAndSum[0] == 0
                ? List.of()
                : bucket(
                    "mean." + config.tasks().get(task).name() + "." + days + "d",
                    meanBucket(countAndSum[1] / countAndSum[0])));
      }
    }
    for (int days : WINDOW_DAYS) {
      double count = matured(0, days, t)[0];
      int bucket = 0;
      while (bucket < 15 && count >= Math.pow(2, bucket)) {
        bucket++;
      }
      fields.add(bucket("activity." + days + "d", bucket));
    }
    fields.add(bucket("hour", (int) (Math.floorMod(t, DAY) / HOUR)));
    fields.add(single("scene", shown.getScene()));
    fields.add(single("entity", shown.getEntity()));
    for (String key : config.fields().context()) {
      fields.add(single("context." + key, shown.getContext().get(key)));
    }
    return fields;
  }

  /** Mean matured label of 30 days per task; NaN without history. */
  double pseudoLabel(Opened shown, int task) {
    double[] countAndSum = matured(task, 30, shown.getImpressionTimeMillis());
    return countAndSum[0] == 0 ? Double.NaN : countAndSum[1] / countAndSum[0];
  }

  /** Shapley weights by walking all subsets: eq. (1) to (3), SHARING, by share of clicks. */
  double[] weights(Opened shown) {
    List<String> tags = shown.getTags();
    List<Set<String>> sets = new ArrayList<>();
    for (LabeledImpression click : clicksBefore(shown.getImpressionTimeMillis())) {
      Opened clicked = byId.get(click.getImpressionId());
      if (!clicked.getTags().isEmpty()) {
        sets.add(Set.copyOf(clicked.getTags()));
      }
    }
    int n = tags.size();
    double[] weights = new double[n];
    double sum = 0;
    for (int t = 0; t < n; t++) {
      double phi = 0;
      for (int subset = 0; subset < 1 << n; subset++) {
        if ((subset >> t & 1) == 0) {
          int s = Integer.bitCount(subset);
          double alpha = factorial(s) * factorial(n - s - 1) / factorial(n);
          phi += alpha * (sharing(sets, tags, subset | 1 << t) - sharing(sets, tags, subset));
        }
      }
      weights[t] = Math.exp(phi / Math.max(1, sets.size()) / config.credit().temperature());
      sum += weights[t];
    }
    for (int t = 0; t < n; t++) {
      weights[t] *= n / sum;
    }
    return weights;
  }

  /** The emissions of an impression in the order of samples. */
  public List<LabeledImpression> emissions(Opened shown) {
    return labels.stream()
        .filter(l -> l.getImpressionId().equals(shown.getImpressionId()))
        .sorted(
            Comparator.comparingLong(LabeledImpression::getEventTimeMillis)
                .thenComparing(LabeledImpression::getEmission))
        .toList();
  }

  /** All impressions. */
  public List<Opened> opened() {
    return opened;
  }

  /** The label in [0, 1] of a task in an emission; NaN when it does not say. */
  double label(LabeledImpression emission, int task) {
    for (TaskLabel label : emission.getLabels()) {
      if (label.getTask().equals(config.tasks().get(task).name())) {
        return label.getTask().equals("stay") ? stayLabel(label.getValue()) : label.getValue();
      }
    }
    return Double.NaN;
  }

  private double stayLabel(double millis) {
    long reached =
        config.labels().stays().edges().stream().filter(edge -> millis >= edge.toMillis()).count();
    return (float) reached / config.labels().stays().edges().size();
  }

  private String attribute(String name, long t) {
    return users.stream()
        .filter(user -> user.getEventTimeMillis() < t)
        .max(
            Comparator.comparingLong(User::getEventTimeMillis)
                .thenComparing(
                    user -> FeatureIds.of("user." + name, user.getAttributes().get(name))))
        .map(user -> user.getAttributes().get(name))
        .orElse(null);
  }

  /** Clicks known before t within the window, newest first, no more than are remembered. */
  private List<LabeledImpression> clicksBefore(long t) {
    return labels.stream()
        .filter(l -> l.getEmission() == Emission.CLICK)
        .filter(l -> l.getEventTimeMillis() < t)
        .filter(l -> l.getEventTimeMillis() >= t - config.credit().clickWindow().toMillis())
        .sorted(
            Comparator.comparingLong(LabeledImpression::getEventTimeMillis)
                .thenComparingInt(
                    l -> Long.hashCode(FeatureIds.of("impression", l.getImpressionId())))
                .reversed())
        .limit(config.credit().maxClicks())
        .toList();
  }

  /** The most frequent tags: once, twice from 2 items on, three times from 4 on, and so on. */
  private static List<Long> topTags(Map<String, Integer> counts, int most) {
    List<Long> ids = new ArrayList<>();
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed()) // stable: newest first
        .limit(most)
        .forEach(
            entry -> {
              for (int items = 1; items <= entry.getValue(); items *= 2) {
                ids.add(FeatureIds.ofTag(entry.getKey()));
              }
            });
    return ids;
  }

  /**
   * Impressions with tags before this one, of its millisecond those of smaller ids, within the
   * window, newest first, as many as are remembered.
   */
  private List<Opened> shownBefore(Opened shown) {
    long t = shown.getImpressionTimeMillis();
    return opened.stream()
        .filter(o -> !o.getTags().isEmpty())
        .filter(
            o ->
                o.getImpressionTimeMillis() < t
                    || (o.getImpressionTimeMillis() == t && id(o) < id(shown)))
        .filter(o -> o.getImpressionTimeMillis() >= t - config.credit().clickWindow().toMillis())
        .sorted(
            Comparator.comparingLong(Opened::getImpressionTimeMillis)
                .thenComparingInt(o -> Long.hashCode(id(o)))
                .reversed())
        .limit(config.fields().maxShown())
        .toList();
  }

  private static long id(Opened shown) {
    return FeatureIds.of("impression", shown.getImpressionId());
  }

  /** Count and sum of labels known before t whose impression lies in the window's tiles. */
  private double[] matured(int task, int days, long t) {
    double count = 0;
    double sum = 0;
    for (LabeledImpression emission : labels) {
      double value = label(emission, task);
      long shownAt = emission.getImpressionTimeMillis();
      boolean correction = emission.getEmission() == Emission.CORRECTION;
      long knownAt = correction ? emission.getEventTimeMillis() : shownAt + windowMillis;
      boolean inWindow =
          days == 1
              ? Math.floorDiv(t, HOUR) - Math.floorDiv(shownAt, HOUR) < 24
              : Math.floorDiv(t, DAY) - Math.floorDiv(shownAt, DAY) < days;
      if (!Double.isNaN(value) && knownAt < t && inWindow) {
        count += correction ? 0 : 1;
        sum += Math.rint(value * 65536) / 65536;
      }
    }
    return new double[] {count, sum};
  }

  private static int meanBucket(double mean) {
    double[] edges = {
      0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9
    };
    int bucket = mean > 0 ? 1 : 0;
    for (double edge : edges) {
      bucket += mean >= edge ? 1 : 0;
    }
    return bucket;
  }

  private static double sharing(List<Set<String>> sets, List<String> tags, int subset) {
    return sets.stream()
        .filter(
            set -> {
              for (int t = 0; t < tags.size(); t++) {
                if ((subset >> t & 1) != 0 && set.contains(tags.get(t))) {
                  return true;
                }
              }
              return false;
            })
        .count();
  }

  private static double factorial(int n) {
    return n <= 1 ? 1 : n * factorial(n - 1);
  }

  private static List<Long> single(String vocabulary, String value) {
    return value == null ? List.of() : List.of(FeatureIds.of(vocabulary, value));
  }

  private static List<Long> bucket(String field, int bucket) {
    return List.of(FeatureIds.of(field, Integer.toString(bucket)));
  }
}

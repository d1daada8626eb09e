package io.tagstream.features;

import io.tagstream.features.credit.CreditReading;
import io.tagstream.features.credit.CreditScale;
import io.tagstream.schemas.Task;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Settings of the feature stage, validated.
 *
 * @param tasks the tasks, in the order of every label array
 * @param labels how labels mature, and what they are worth
 * @param fields which user fields there are
 * @param credit how a click's credit is shared among tags
 * @param newUsersScored whether the first impression of a user without history asks for a score
 */
public record FeaturesConfig(
    List<Task> tasks, Labels labels, Fields fields, Credit credit, boolean newUsersScored)
    implements Serializable {

  private static final int MAX_TASKS = 32;

  public FeaturesConfig {
    tasks = List.copyOf(tasks);
    require(
        !tasks.isEmpty() && tasks.size() <= MAX_TASKS,
        "tasks: " + tasks.size() + " of them - there must be 1 to " + MAX_TASKS);
    requireDistinct("tasks", tasks.stream().map(Task::name).toList());
    require(
        labels.priorMeans().size() == tasks.size(),
        "labels.prior-means: "
            + labels.priorMeans()
            + " - must be one per task, and there are "
            + tasks.size());
  }

  /** Only positives ask for a score. */
  public FeaturesConfig(List<Task> tasks, Labels labels, Fields fields, Credit credit) {
    this(tasks, labels, fields, credit, false);
  }

  /** Click, stay and conversion with the default settings. */
  public static FeaturesConfig defaults() {
    return new FeaturesConfig(
        Task.defaults(Set.of("purchase")), Labels.defaults(), Fields.defaults(), Credit.defaults());
  }

  /**
   * How labels mature, and what they are worth.
   *
   * @param window from the impression to the maturity of its labels; ingestion's {@code
   *     labels.window}
   * @param attributionHorizon from a clicked impression to its last correction; ingestion's {@code
   *     labels.attribution-horizon}
   * @param keepSnapshots which snapshots outlive the window, for corrections
   * @param stays what a stay is worth
   * @param priorMeans per task, stands in for the pseudo-label of a user without history
   */
  public record Labels(
      Duration window,
      Duration attributionHorizon,
      KeepSnapshots keepSnapshots,
      Stays stays,
      List<Double> priorMeans)
      implements Serializable {

    public Labels {
      priorMeans = List.copyOf(priorMeans);
      require(window.toMillis() > 0, "labels.window: " + window + " - must be positive");
      require(
          attributionHorizon.compareTo(window) >= 0,
          "labels.attribution-horizon: "
              + attributionHorizon
              + " - must be at least labels.window, which is "
              + window);
      for (double prior : priorMeans) {
        require(
            prior >= 0 && prior <= 1,
            "labels.prior-means: " + priorMeans + " - each must lie in [0, 1]");
      }
    }

    /** Ten minutes, seven days. */
    public static Labels defaults() {
      return new Labels(
          Duration.ofMinutes(10),
          Duration.ofDays(7),
          KeepSnapshots.CLICKED,
          Stays.defaults(),
          List.of(0.2, 0.3, 0.02));
    }
  }

  /**
   * What a stay is worth: the number of its bin, scaled to [0, 1].
   *
   * @param binning where the edges between bins come from
   * @param edges lengths of stay at which the next bin begins, ascending; with quantiles they hold
   *     until enough stays are counted
   * @param binCount how many bins of equal numbers there should be; with quantiles
   * @param history how far back stays are counted, in whole hours; with quantiles
   */
  public record Stays(StayBinning binning, List<Duration> edges, int binCount, Duration history)
      implements Serializable {

    private static final int MOST_BINS = 100;
    private static final Duration LONGEST_HISTORY = Duration.ofDays(90);

    public Stays {
      edges = List.copyOf(edges);
      require(!edges.isEmpty(), "labels.stay-edges: [] - needs at least one edge");
      Duration before = Duration.ZERO;
      for (Duration edge : edges) {
        require(
            edge.toMillis() > before.toMillis(),
            "labels.stay-edges: " + edges + " - must be positive and ascend by milliseconds");
        before = edge;
      }
      requireRange("labels.stay-bin-count", binCount, 2, MOST_BINS);
      require(
          history.toHours() >= 1
              && history.equals(Duration.ofHours(history.toHours()))
              && history.compareTo(LONGEST_HISTORY) <= 0,
          "labels.stay-history: "
              + history
              + " - must be whole hours, from 1 to "
              + LONGEST_HISTORY.toHours());
    }

    /** Configured bins that fit short videos as well as pages. */
    public static Stays defaults() {
      List<Duration> edges =
          List.of(
              Duration.ofSeconds(3),
              Duration.ofSeconds(7),
              Duration.ofSeconds(15),
              Duration.ofSeconds(30),
              Duration.ofMinutes(1),
              Duration.ofMinutes(3));
      return new Stays(StayBinning.EDGES, edges, edges.size() + 1, Duration.ofDays(30));
    }
  }

  /** Where the edges between the bins of stays come from. */
  public enum StayBinning {
    /** They are configured. */
    EDGES,
    /** They part the stays of the last weeks into bins of equal numbers. */
    QUANTILES
  }

  /** Which impressions keep their snapshot until the attribution horizon. */
  public enum KeepSnapshots {
    /** Clicked ones. */
    CLICKED,
    /** Those with any positive label; fits {@code labels.conversion-space = all}. */
    POSITIVE
  }

  /**
   * Which user fields there are.
   *
   * @param userAttributes attributes of users that become fields
   * @param privileged privileged fields of items, in order; they travel with training samples
   * @param clicked those of them whose last clicked values become user fields
   * @param context context fields of impressions besides hour, scene and entity
   * @param lastTags tags in the field of last clicked tags
   * @param topTags tags in the field of most clicked tags
   * @param shownTags tags in the field of most shown tags; 0 for none, and nothing is remembered
   * @param maxShown impressions remembered of a user for it at most; the oldest go first
   * @param lastValues values in each field of last clicked privileged values
   */
  public record Fields(
      List<String> userAttributes,
      List<String> privileged,
      List<String> clicked,
      List<String> context,
      int lastTags,
      int topTags,
      int shownTags,
      int maxShown,
      int lastValues)
      implements Serializable {

    public Fields {
      userAttributes = List.copyOf(userAttributes);
      privileged = List.copyOf(privileged);
      clicked = List.copyOf(clicked);
      context = List.copyOf(context);
      requireDistinct("features.user-attributes", userAttributes);
      requireDistinct("features.privileged", privileged);
      requireDistinct("features.clicked", clicked);
      requireDistinct("features.context", context);
      require(
          privileged.containsAll(clicked),
          "features.clicked: "
              + clicked
              + " - must be among features.privileged, which are "
              + privileged);
      requireRange("features.last-tags", lastTags, 0, 100);
      requireRange("features.top-tags", topTags, 0, 100);
      requireRange("features.shown-tags", shownTags, 0, 100);
      requireRange("features.max-shown", maxShown, 1, 10_000);
      requireRange("features.last-values", lastValues, 0, 100);
    }

    /** Categories and creators; no attributes. */
    public static Fields defaults() {
      return new Fields(
          List.of(),
          List.of("category", "creator"),
          List.of("category", "creator"),
          List.of("device"),
          10,
          10,
          10,
          64,
          5);
    }
  }

  /**
   * How a click's credit is shared among the tags of its item.
   *
   * @param reading what V(S) counts
   * @param scale its unit
   * @param temperature τ of the softmax
   * @param clickWindow how long a click counts, for credit and for clicked tags, and an impression
   *     for shown tags
   * @param maxClicks clicks remembered of a user at most; the oldest go first
   * @param maxTags tags remembered of one click at most
   */
  public record Credit(
      CreditReading reading,
      CreditScale scale,
      double temperature,
      Duration clickWindow,
      int maxClicks,
      int maxTags)
      implements Serializable {

    public Credit {
      require(
          temperature > 0 && Double.isFinite(temperature),
          "credit.temperature: " + temperature + " - must be positive and finite");
      require(
          clickWindow.toMillis() > 0,
          "credit.click-window: " + clickWindow + " - must be positive");
      requireRange("credit.max-clicks", maxClicks, 1, 10_000);
      requireRange("credit.max-tags", maxTags, 1, 1_000);
    }

    /** Sharing, by share of clicks, τ = 0.5, over 30 days. */
    public static Credit defaults() {
      return new Credit(CreditReading.SHARING, CreditScale.SHARE, 0.5, Duration.ofDays(30), 64, 16);
    }
  }

  private static void requireRange(String key, int value, int min, int max) {
    require(
        value >= min && value <= max,
        key + ": " + value + " - must lie between " + min + " and " + max);
  }

  private static void requireDistinct(String key, List<String> names) {
    Set<String> repeated = new HashSet<>(names);
    repeated.removeIf(name -> Collections.frequency(names, name) == 1);
    require(
        repeated.isEmpty(), key + ": " + names + " - each once, but there are more of " + repeated);
    for (String name : names) {
      require(!name.isBlank(), key + ": " + names + " - a name must not be blank");
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}

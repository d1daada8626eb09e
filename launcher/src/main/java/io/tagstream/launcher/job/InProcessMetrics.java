package io.tagstream.launcher.job;

import io.tagstream.learner.LearnerConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The stages' own metrics, summed over subtasks by name, for reports of this process.
 *
 * <p>A name is the path below the group {@code tagstream}: {@code ingestion.accounting.accepted}.
 * When a task ends, its last value stays in the sum, so that a report after the job's end still has
 * it. When the job restarts, counters go on from there, because they begin at zero; a gauge is told
 * anew by the restored state and replaces that of the same subtask. Thread-safe.
 */
public final class InProcessMetrics {

  /** The group whose metrics are ours. */
  static final String ROOT = "tagstream";

  /** How often the job has been restarted after a failure; of the job, not of a stage. */
  public static final String RESTARTS = "job.restarts";

  private static final String FLINK_RESTARTS = "numRestarts";

  /** The name of a metric that every model's learner has. */
  public static String ofModel(LearnerConfig model, String metric) {
    return "learner.model." + model.name() + "." + metric;
  }

  private static final class Entry {
    final Metric metric;
    final String scope;
    boolean ended;
    double last;

    Entry(Metric metric, String scope) {
      this.metric = metric;
      this.scope = scope;
    }

    double value() {
      return ended ? last : read(metric);
    }
  }

  private final Map<String, List<Entry>> entries = new HashMap<>();
  private final Map<Metric, Entry> byMetric = new HashMap<>();

  /** A metric of a task that starts. */
  synchronized void add(String[] scope, String name, Metric metric) {
    String path = name.equals(FLINK_RESTARTS) ? RESTARTS : path(scope, name);
    if (path == null || !(metric instanceof Counter || metric instanceof Gauge)) {
      return;
    }
    List<Entry> same = entries.computeIfAbsent(path, key -> new ArrayList<>());
    Entry entry = new Entry(metric, String.join("/", scope));
    if (metric instanceof Gauge) {
      // The attempt before may not have been removed yet.
      same.removeIf(earlier -> earlier.scope.equals(entry.scope));
    }
    same.add(entry);
    byMetric.put(metric, entry);
  }

  private static @Nullable String path(String[] scope, String name) {
    // The last one: a job may be named as the group is.
    int root = Arrays.asList(scope).lastIndexOf(ROOT);
    if (root < 0) {
      return null;
    }
    StringBuilder path = new StringBuilder();
    for (int i = root + 1; i < scope.length; i++) {
      path.append(scope[i]).append('.');
    }
    return path.append(name).toString();
  }

  /** A metric of a task that ends. */
  synchronized void remove(Metric metric) {
    Entry entry = byMetric.remove(metric);
    if (entry != null) {
      entry.last = read(metric);
      entry.ended = true;
    }
  }

  private static double read(Metric metric) {
    if (metric instanceof Counter counter) {
      return counter.getCount();
    }
    try {
      return ((Gauge<?>) metric).getValue() instanceof Number number ? number.doubleValue() : 0;
    } catch (RuntimeException e) {
      // A gauge may be read before its operator is set up or after it was torn down.
      return 0;
    }
  }

  /** Sum of a metric over its subtasks; 0 when there is none of that name. */
  public synchronized double value(String name) {
    return entries.getOrDefault(name, List.of()).stream().mapToDouble(Entry::value).sum();
  }

  /** All sums by name. */
  public synchronized Map<String, Double> values() {
    Map<String, Double> values = new TreeMap<>();
    entries.forEach(
        (name, same) -> values.put(name, same.stream().mapToDouble(Entry::value).sum()));
    return values;
  }
}

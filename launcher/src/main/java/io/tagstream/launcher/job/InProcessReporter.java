package io.tagstream.launcher.job;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Flink's side of {@link InProcessMetrics}. Flink makes reporters by class name, so the receiver is
 * found by an id in the reporter's configuration.
 */
public final class InProcessReporter implements MetricReporter {

  private static final Map<String, InProcessMetrics> RECEIVERS = new ConcurrentHashMap<>();
  private static final String ID = "receiver";
  private static final String NAME = "in-process";
  private static final String PREFIX = "metrics.reporter." + NAME + ".";

  private final InProcessMetrics receiver;

  private InProcessReporter(InProcessMetrics receiver) {
    this.receiver = receiver;
  }

  /** Makes a cluster with this configuration report to a receiver, under an id of its own. */
  static void register(Configuration flink, String id, InProcessMetrics receiver) {
    RECEIVERS.put(id, receiver);
    flink.setString(PREFIX + "factory.class", Factory.class.getName());
    // A list names all reporters there are; without one, all that are configured report.
    flink
        .getOptional(MetricOptions.REPORTERS_LIST)
        .ifPresent(list -> flink.set(MetricOptions.REPORTERS_LIST, list + "," + NAME));
    flink.setString(PREFIX + ID, id);
  }

  /** Forgets a receiver. */
  static void unregister(String id) {
    RECEIVERS.remove(id);
  }

  @Override
  public void open(MetricConfig config) {}

  @Override
  public void close() {}

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    receiver.add(group.getScopeComponents(), name, metric);
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    receiver.remove(metric);
  }

  /** Found by Flink through {@code META-INF/services}. */
  public static final class Factory implements MetricReporterFactory {

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
      String id = properties.getProperty(ID, "");
      return new InProcessReporter(RECEIVERS.getOrDefault(id, new InProcessMetrics()));
    }
  }
}

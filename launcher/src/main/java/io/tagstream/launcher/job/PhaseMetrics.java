package io.tagstream.launcher.job;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a reader whose phases follow each other. Each of them tells how many records are
 * before it, under one name, of which Flink keeps the first for ever: that of a phase that is long
 * over. Here it is the newest phase's.
 */
final class PhaseMetrics {

  private volatile Gauge<Long> pendingRecords = () -> 0L;
  private boolean registered;

  private PhaseMetrics() {}

  /** A reader's context with such metrics. */
  static SourceReaderContext in(SourceReaderContext context) {
    PhaseMetrics metrics = new PhaseMetrics();
    SourceReaderMetricGroup group = metrics.of(context.metricGroup());
    return forwarding(SourceReaderContext.class, context, "metricGroup", arguments -> group);
  }

  private SourceReaderMetricGroup of(SourceReaderMetricGroup group) {
    return forwarding(
        SourceReaderMetricGroup.class,
        group,
        "setPendingRecordsGauge",
        arguments -> {
          @SuppressWarnings("unchecked") // the method's only parameter
          Gauge<Long> ofPhase = (Gauge<Long>) arguments[0];
          pendingRecords = ofPhase;
          if (!registered) {
            registered = true;
            group.setPendingRecordsGauge(() -> pendingRecords.getValue());
          }
          return null;
        });
  }

  /** What is done in place of a method. */
  @FunctionalInterface
  private interface Change {
    @Nullable Object instead(Object[] arguments);
  }

  /** Does what another object does, but for one method. */
  private static <T> T forwarding(Class<T> type, T target, String changed, Change change) {
    return type.cast(
        Proxy.newProxyInstance(
            PhaseMetrics.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getName().equals(changed)) {
                return change.instead(arguments);
              }
              try {
                return method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            }));
  }
}

package io.tagstream.launcher.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.junit.jupiter.api.Test;

class PhaseMetricsTest {

  private final List<Gauge<?>> registered = new ArrayList<>();
  private final SourceReaderContext context = PhaseMetrics.in(flinks());

  /** A context of which two methods do something. */
  private SourceReaderContext flinks() {
    SourceReaderMetricGroup group =
        answering(
            SourceReaderMetricGroup.class,
            "setPendingRecordsGauge",
            arguments -> registered.add((Gauge<?>) arguments[0]));
    return (SourceReaderContext)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {SourceReaderContext.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "metricGroup" -> group;
                  case "getIndexOfSubtask" -> 3;
                  default -> throw new IllegalStateException("no such host");
                });
  }

  private interface Answer {
    void to(Object[] arguments);
  }

  private <T> T answering(Class<T> type, String name, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getName().equals(name)) {
                answer.to(arguments);
              }
              return null;
            }));
  }

  @Test
  void whatIsPendingIsThatOfTheNewestPhase() {
    context.metricGroup().setPendingRecordsGauge(() -> 0L);
    context.metricGroup().setPendingRecordsGauge(() -> 1_000L);

    assertThat(registered).hasSize(1);
    assertThat(registered.get(0).getValue()).isEqualTo(1_000L);
  }

  @Test
  void everythingElseIsFlinks() {
    assertThat(context.getIndexOfSubtask()).isEqualTo(3);
  }

  @Test
  void aFailureIsFlinksToo() {
    assertThatThrownBy(context::getLocalHostName)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no such host");
  }
}

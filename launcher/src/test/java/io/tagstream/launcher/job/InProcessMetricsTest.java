package io.tagstream.launcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.Test;

class InProcessMetricsTest {

  private static final String[] SCOPE = scope(0);

  private final InProcessMetrics metrics = new InProcessMetrics();

  @Test
  void otherReportersStayBesideIt() {
    Configuration flink = new Configuration();
    InProcessReporter.register(flink, "test", new InProcessMetrics());
    assertThat(flink.getOptional(MetricOptions.REPORTERS_LIST)).isEmpty();
    flink.set(MetricOptions.REPORTERS_LIST, "prom");
    InProcessReporter.register(flink, "test", new InProcessMetrics());
    assertThat(flink.get(MetricOptions.REPORTERS_LIST)).isEqualTo("prom,in-process");
    InProcessReporter.unregister("test");
  }

  @Test
  void sumsSubtasksByTheNameBelowTheLastGroupOfOurs() {
    AtomicLong one = new AtomicLong(3);
    metrics.add(SCOPE, "accepted", (Gauge<Long>) one::get);
    metrics.add(scope(1), "accepted", (Gauge<Long>) () -> 4L);
    assertThat(metrics.value("ingestion.accepted")).isEqualTo(7);
    one.set(10);
    assertThat(metrics.values()).containsExactly(java.util.Map.entry("ingestion.accepted", 14.0));
    assertThat(metrics.value("nothing")).isZero();
  }

  @Test
  void restartsAreTheJobs() {
    metrics.add(new String[] {"host", "jobmanager", "any"}, "numRestarts", (Gauge<Long>) () -> 2L);
    metrics.add(new String[] {"host", "jobmanager", "any"}, "uptime", (Gauge<Long>) () -> 9L);
    assertThat(metrics.value(InProcessMetrics.RESTARTS)).isEqualTo(2);
    assertThat(metrics.values()).hasSize(1);
  }

  @Test
  void whatEndedStaysInTheSum() {
    SimpleCounter counter = new SimpleCounter();
    AtomicLong value = new AtomicLong(5);
    Gauge<Long> gauge = value::get;
    metrics.add(SCOPE, "counter", counter);
    metrics.add(SCOPE, "gauge", gauge);
    counter.inc(2);
    metrics.remove(counter);
    metrics.remove(gauge);
    value.set(99);
    counter.inc(99);
    assertThat(metrics.value("ingestion.counter")).isEqualTo(2);
    assertThat(metrics.value("ingestion.gauge")).isEqualTo(5);
  }

  @Test
  void afterRestartCountersGoOnAndGaugesAreToldAnew() {
    SimpleCounter before = new SimpleCounter();
    Gauge<Long> restored = () -> 5L;
    metrics.add(SCOPE, "counter", before);
    metrics.add(SCOPE, "gauge", restored);
    before.inc(2);
    metrics.remove(before);
    metrics.remove(restored);

    SimpleCounter after = new SimpleCounter();
    metrics.add(SCOPE, "counter", after);
    metrics.add(SCOPE, "gauge", (Gauge<Long>) () -> 6L);
    after.inc(3);
    assertThat(metrics.value("ingestion.counter")).isEqualTo(5);
    assertThat(metrics.value("ingestion.gauge")).isEqualTo(6);
  }

  @Test
  void aGaugeThatEndsAfterItsSuccessorBeganCountsNoMore() {
    Gauge<Long> before = () -> 5L;
    metrics.add(SCOPE, "gauge", before);
    metrics.add(scope(1), "gauge", (Gauge<Long>) () -> 1L);
    metrics.add(SCOPE, "gauge", (Gauge<Long>) () -> 6L);
    assertThat(metrics.value("ingestion.gauge")).isEqualTo(7);
    metrics.remove(before);
    assertThat(metrics.value("ingestion.gauge")).isEqualTo(7);
  }

  @Test
  void whatIsNotOursOrNoNumberIsLeftOut() {
    metrics.add(new String[] {"host", "operator"}, "numRecordsIn", new SimpleCounter());
    metrics.add(SCOPE, "histogram", new NoHistogram());
    metrics.add(SCOPE, "text", (Gauge<String>) () -> "words");
    metrics.add(
        SCOPE,
        "early",
        (Gauge<Long>)
            () -> {
              throw new IllegalStateException("not open yet");
            });
    assertThat(metrics.values()).containsOnlyKeys("ingestion.text", "ingestion.early");
    assertThat(metrics.value("ingestion.text")).isZero();
    assertThat(metrics.value("ingestion.early")).isZero();
  }

  private static String[] scope(int subtask) {
    return new String[] {
      "host",
      "taskmanager",
      "id",
      "tagstream",
      "operator",
      String.valueOf(subtask),
      "tagstream",
      "ingestion"
    };
  }

  private static final class NoHistogram implements Histogram {
    @Override
    public void update(long value) {}

    @Override
    public long getCount() {
      return 0;
    }

    @Override
    public org.apache.flink.metrics.HistogramStatistics getStatistics() {
      throw new UnsupportedOperationException();
    }
  }
}

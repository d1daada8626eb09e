package io.tagstream.launcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.api.connector.source.SupportsIntermediateNoMoreSplits;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.connector.base.source.hybrid.HybridSource;
import org.apache.flink.connector.base.source.hybrid.HybridSourceEnumeratorState;
import org.apache.flink.connector.base.source.hybrid.HybridSourceSplit;
import org.apache.flink.connector.base.source.hybrid.SourceReaderFinishedEvent;
import org.apache.flink.connector.base.source.hybrid.SwitchSourceEvent;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class PhasedSourceTest {

  private final Told told = new Told();

  private SplitEnumerator<HybridSourceSplit, HybridSourceEnumeratorState> enumerator()
      throws Exception {
    HybridSource<Long> phases =
        HybridSource.builder(new NumberSequenceSource(1, 2))
            .addSource(new NumberSequenceSource(3, 4))
            .build();
    return new PhasedSource<>(phases).createEnumerator(told);
  }

  @Test
  void aReaderSentBackToAPhaseThatIsOverIsToldThatNoSplitFollows() throws Exception {
    try (SplitEnumerator<HybridSourceSplit, HybridSourceEnumeratorState> enumerator =
        enumerator()) {
      enumerator.start();
      told.readers.put(0, new ReaderInfo(0, "here"));
      enumerator.addReader(0);
      enumerator.handleSourceEvent(0, new SourceReaderFinishedEvent(-1));
      enumerator.handleSourceEvent(0, new SourceReaderFinishedEvent(0));
      assertThat(told.what).containsExactly("phase 0", "phase 1");
      // The task fails: its reader is back, its splits of the first phase in its own state.
      enumerator.addReader(0);
      enumerator.handleSourceEvent(0, new SourceReaderFinishedEvent(-1));
      enumerator.handleSourceEvent(0, new SourceReaderFinishedEvent(0));
      assertThat(told.what).containsExactly("phase 0", "phase 1", "phase 0", "no more", "phase 1");
    }
  }

  /** What the only reader is told. */
  private static final class Told
      implements SplitEnumeratorContext<HybridSourceSplit>, SupportsIntermediateNoMoreSplits {

    final List<String> what = new ArrayList<>();
    final Map<Integer, ReaderInfo> readers = new HashMap<>();

    @Override
    public void sendEventToSourceReader(int subtask, SourceEvent event) {
      what.add("phase " + ((SwitchSourceEvent) event).sourceIndex());
    }

    @Override
    public void signalIntermediateNoMoreSplits(int subtask) {
      what.add("no more");
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
      return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
    }

    @Override
    public int currentParallelism() {
      return 1;
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
      return readers;
    }

    @Override
    public void assignSplits(SplitsAssignment<HybridSourceSplit> assignment) {
      what.add("splits");
    }

    @Override
    public void signalNoMoreSplits(int subtask) {
      what.add("the end");
    }

    @Override
    public <R> void callAsync(Callable<R> callable, BiConsumer<R, Throwable> handler) {
      throw new UnsupportedOperationException("number sequences look nothing up");
    }

    @Override
    public <R> void callAsync(
        Callable<R> callable, BiConsumer<R, Throwable> handler, long delay, long period) {
      throw new UnsupportedOperationException("number sequences look nothing up");
    }

    @Override
    public void setIsProcessingBacklog(boolean backlog) {}

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
      runnable.run();
    }
  }
}

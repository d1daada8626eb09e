package io.tagstream.launcher.job;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.api.connector.source.SupportsIntermediateNoMoreSplits;
import org.apache.flink.connector.base.source.hybrid.HybridSource;
import org.apache.flink.connector.base.source.hybrid.HybridSourceEnumeratorState;
import org.apache.flink.connector.base.source.hybrid.HybridSourceSplit;
import org.apache.flink.connector.base.source.hybrid.SwitchSourceEvent;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;

/**
 * Sources one after the other, for readers that are thrown back too. After the failure of a task
 * its reader begins with the newest checkpoint, the enumerator stays where it is. A reader whose
 * checkpoint is of an earlier phase is sent back to it by {@link HybridSource}, and told that no
 * split will follow only where there are splits to give back; those that it had at the checkpoint
 * it has already, and then it waits for ever. Here it is always told: of a phase that is over no
 * split is left to be found.
 */
final class PhasedSource<T>
    extends ForwardingSource<T, HybridSourceSplit, HybridSourceEnumeratorState> {

  PhasedSource(HybridSource<T> source) {
    super(source);
  }

  @Override
  public SourceReader<T, HybridSourceSplit> createReader(SourceReaderContext context)
      throws Exception {
    return super.createReader(PhaseMetrics.in(context));
  }

  @Override
  public SplitEnumerator<HybridSourceSplit, HybridSourceEnumeratorState> createEnumerator(
      SplitEnumeratorContext<HybridSourceSplit> context) throws Exception {
    Readers readers = new Readers(context);
    return new Enumerator(super.createEnumerator(readers), readers);
  }

  @Override
  public SplitEnumerator<HybridSourceSplit, HybridSourceEnumeratorState> restoreEnumerator(
      SplitEnumeratorContext<HybridSourceSplit> context, HybridSourceEnumeratorState checkpoint)
      throws Exception {
    Readers readers = new Readers(context);
    return new Enumerator(super.restoreEnumerator(readers, checkpoint), readers);
  }

  /** Notes which readers are sent back. */
  private static final class Readers
      implements SplitEnumeratorContext<HybridSourceSplit>, SupportsIntermediateNoMoreSplits {

    private final SplitEnumeratorContext<HybridSourceSplit> context;
    private final Set<Integer> sentBack = new HashSet<>();
    private int newestPhase;

    Readers(SplitEnumeratorContext<HybridSourceSplit> context) {
      this.context = context;
    }

    @Override
    public void sendEventToSourceReader(int subtask, SourceEvent event) {
      context.sendEventToSourceReader(subtask, event);
      if (event instanceof SwitchSourceEvent switched) {
        if (switched.sourceIndex() < newestPhase) {
          sentBack.add(subtask);
        }
        newestPhase = Math.max(newestPhase, switched.sourceIndex());
      }
    }

    /** Once they have the splits that are given back to them. */
    void tellThoseSentBack() {
      sentBack.forEach(this::signalIntermediateNoMoreSplits);
      sentBack.clear();
    }

    @Override
    public void signalIntermediateNoMoreSplits(int subtask) {
      if (!(context instanceof SupportsIntermediateNoMoreSplits phases)) {
        throw new IllegalStateException(context + " knows no phases");
      }
      phases.signalIntermediateNoMoreSplits(subtask);
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
      return context.metricGroup();
    }

    @Override
    public int currentParallelism() {
      return context.currentParallelism();
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
      return context.registeredReaders();
    }

    @Override
    public Map<Integer, Map<Integer, ReaderInfo>> registeredReadersOfAttempts() {
      return context.registeredReadersOfAttempts();
    }

    @Override
    public void assignSplits(SplitsAssignment<HybridSourceSplit> assignment) {
      context.assignSplits(assignment);
    }

    @Override
    public void signalNoMoreSplits(int subtask) {
      context.signalNoMoreSplits(subtask);
    }

    @Override
    public <R> void callAsync(Callable<R> callable, BiConsumer<R, Throwable> handler) {
      context.callAsync(callable, handler);
    }

    @Override
    public <R> void callAsync(
        Callable<R> callable,
        BiConsumer<R, Throwable> handler,
        long delayMillis,
        long periodMillis) {
      context.callAsync(callable, handler, delayMillis, periodMillis);
    }

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
      context.runInCoordinatorThread(runnable);
    }

    @Override
    public void setIsProcessingBacklog(boolean backlog) {
      context.setIsProcessingBacklog(backlog);
    }
  }

  private record Enumerator(
      SplitEnumerator<HybridSourceSplit, HybridSourceEnumeratorState> enumerator, Readers readers)
      implements SplitEnumerator<HybridSourceSplit, HybridSourceEnumeratorState> {

    @Override
    public void handleSourceEvent(int subtask, SourceEvent event) {
      enumerator.handleSourceEvent(subtask, event);
      readers.tellThoseSentBack();
    }

    @Override
    public void start() {
      enumerator.start();
    }

    @Override
    public void handleSplitRequest(int subtask, String host) {
      enumerator.handleSplitRequest(subtask, host);
    }

    @Override
    public void addSplitsBack(List<HybridSourceSplit> splits, int subtask) {
      enumerator.addSplitsBack(splits, subtask);
    }

    @Override
    public void addReader(int subtask) {
      enumerator.addReader(subtask);
    }

    @Override
    public HybridSourceEnumeratorState snapshotState(long checkpoint) throws Exception {
      return enumerator.snapshotState(checkpoint);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
      enumerator.notifyCheckpointComplete(checkpoint);
    }

    @Override
    public void notifyCheckpointAborted(long checkpoint) throws Exception {
      enumerator.notifyCheckpointAborted(checkpoint);
    }

    @Override
    public void close() throws IOException {
      enumerator.close();
    }
  }
}

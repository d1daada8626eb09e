package io.tagstream.launcher.replay;

import io.tagstream.ingestion.flink.LastWatermarkOperator;
import io.tagstream.launcher.replay.LogEnumerator.PartitionRead;
import io.tagstream.launcher.replay.LogLane.Element;
import io.tagstream.schemas.InputRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;

/** One subtask of the source: reads and decodes in a thread of its own, emits in the subtask's. */
@SuppressWarnings("try") // Flink closes it
final class LogReader
    extends SingleThreadMultiplexSourceReaderBase<
        Element, InputRecord, LogSplit, LogSplit.Progress> {

  private static final Watermark ENDED = new Watermark(LastWatermarkOperator.ENDED.getTimestamp());

  private final AtomicBoolean allRead;

  private LogReader(
      SourceReaderContext context,
      LogRange range,
      RecordDecoding decoding,
      boolean last,
      AtomicBoolean allRead) {
    super(
        () -> new MergingSplitReader(range, decoding, allRead::get),
        (element, output, progress) -> {
          InputRecord record = element.record();
          if (record == null) {
            if (last && progress.topic().event()) {
              output.emitWatermark(ENDED);
            }
            if (!progress.isEmpty()) {
              context.sendSourceEventToCoordinator(new PartitionRead(progress.splitId()));
            }
          } else {
            output.collect(record);
            progress.read(element.nextOffset());
          }
        },
        context.getConfiguration(),
        context);
    this.allRead = allRead;
  }

  /**
   * A reader without partitions.
   *
   * @param last whether nothing follows this source: partitions then say that they have ended
   */
  static LogReader of(
      SourceReaderContext context, LogRange range, RecordDecoding decoding, boolean last) {
    return new LogReader(context, range, decoding, last, new AtomicBoolean());
  }

  @Override
  public void notifyNoMoreSplits() {
    allRead.set(true);
    super.notifyNoMoreSplits();
  }

  @Override
  public List<LogSplit> snapshotState(long checkpointId) {
    return super.snapshotState(checkpointId).stream().filter(split -> !split.isEmpty()).toList();
  }

  @Override
  protected LogSplit.Progress initializedState(LogSplit split) {
    return new LogSplit.Progress(split);
  }

  @Override
  protected LogSplit toSplitType(String splitId, LogSplit.Progress progress) {
    return progress.split();
  }

  @Override
  protected void onSplitFinished(Map<String, LogSplit.Progress> finished) {
    // All partitions finish together; the enumerator knows.
  }
}

package io.tagstream.launcher.replay;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.InputRecord;
import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Files as a bounded source. Each partition is a split and is read in the order of its offsets, as
 * Kafka's source reads it: so watermarks, lateness and labels are those of the live topic.
 */
public final class LogSource implements Source<InputRecord, LogSplit, List<LogSplit>> {

  private final ReplayPlan plan;
  private final RecordDecoding decoding;
  private final boolean last;

  /**
   * A source of these files, decoded as the configuration says.
   *
   * @param last whether nothing is read behind them; see {@link
   *     io.tagstream.ingestion.flink.LastWatermarkOperator}
   */
  public LogSource(ReplayPlan plan, TagstreamConfig config, boolean last) {
    this.plan = plan;
    this.last = last;
    this.decoding = RecordDecoding.of(config);
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SourceReader<InputRecord, LogSplit> createReader(SourceReaderContext context) {
    return LogReader.of(context, plan.range(), decoding, last);
  }

  @Override
  public SplitEnumerator<LogSplit, List<LogSplit>> createEnumerator(
      SplitEnumeratorContext<LogSplit> context) {
    return restoreEnumerator(context, plan.partitions().stream().map(LogSplit::of).toList());
  }

  @Override
  public SplitEnumerator<LogSplit, List<LogSplit>> restoreEnumerator(
      SplitEnumeratorContext<LogSplit> context, List<LogSplit> unassigned) {
    return new LogEnumerator(context, plan.partitions().size(), last, unassigned);
  }

  @Override
  public SimpleVersionedSerializer<LogSplit> getSplitSerializer() {
    return new LogSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<List<LogSplit>> getEnumeratorCheckpointSerializer() {
    return new LogSplitSerializer.OfLists();
  }
}

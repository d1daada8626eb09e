package io.tagstream.launcher.job;

import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.TimeMark;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Passes samples on, and says between them how far time has come: before each barrier, as whoever
 * reads committed records alone sees nothing sooner, and at the end. A mark goes to every
 * partition, because any of them may hold this subtask's next sample; and it is said again though
 * time stands still, because a reader that was restored has forgotten it.
 */
final class TimeMarkOperator extends AbstractStreamOperator<LearnerInput>
    implements OneInputStreamOperator<LearnerInput, LearnerInput> {

  private final int partitions;

  private transient long watermark;

  /**
   * An operator before a topic's sink.
   *
   * @param partitions of the topic
   */
  TimeMarkOperator(int partitions) {
    this.partitions = partitions;
  }

  @Override
  public void open() throws Exception {
    super.open();
    watermark = Long.MIN_VALUE;
  }

  @Override
  public void processElement(StreamRecord<LearnerInput> element) {
    output.collect(element);
  }

  /** The one that ends the input is none of time. */
  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() < Watermark.MAX_WATERMARK.getTimestamp()) {
      watermark = Math.max(watermark, mark.getTimestamp());
    }
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    mark();
  }

  @Override
  public void finish() {
    mark();
  }

  private void mark() {
    if (watermark == Long.MIN_VALUE) {
      return;
    }
    int writer = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    int writers = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
    for (int partition = 0; partition < partitions; partition++) {
      TimeMark mark = new TimeMark(partition, writer, writers, watermark);
      output.collect(new StreamRecord<>(new LearnerInput("", mark)));
    }
  }
}

package io.tagstream.it;

import io.tagstream.schemas.Emission;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.TrainingSample;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * A sink that keeps the bytes of every training sample by what names it. After a restart samples
 * come again; they must be the same bytes, or they are counted as conflicts.
 */
final class SampleRecorder implements Sink<LearnerInput> {

  /** What names a sample. */
  record Key(String impressionId, Emission emission) {}

  /** What one run made. */
  static final class Recording {
    private final Map<Key, ByteBuffer> samples = new ConcurrentHashMap<>();
    private final AtomicReference<Clock> clock = new AtomicReference<>(new Clock("", 0));
    private final AtomicInteger repeated = new AtomicInteger();
    private final AtomicInteger conflicts = new AtomicInteger();

    /** Bytes of every sample. */
    Map<Key, ByteBuffer> samples() {
      return Map.copyOf(samples);
    }

    /** Samples that came more than once. */
    int repeated() {
      return repeated.get();
    }

    /** Samples that came again as something else. */
    int conflicts() {
      return conflicts.get();
    }

    /**
     * How far time has come in every subtask of the newest start. What an earlier start saw does
     * not count from the first new subtask on: Flink forgets watermarks at a restart.
     */
    long watermark() {
      return clock.get().slowest();
    }

    /** What names the samples that only one of two runs made, or that differ. */
    Set<Key> differingFrom(Recording other) {
      Set<Key> keys = new HashSet<>(samples.keySet());
      keys.addAll(other.samples.keySet());
      keys.removeIf(key -> Objects.equals(samples.get(key), other.samples.get(key)));
      return keys;
    }

    private Clock clockOf(String start, int subtasks) {
      return clock.updateAndGet(
          known -> known.start.equals(start) ? known : new Clock(start, subtasks));
    }

    private void add(TrainingSample sample) {
      ByteBuffer bytes = ByteBuffer.wrap(EventTopics.encode(sample));
      ByteBuffer known =
          samples.putIfAbsent(new Key(sample.getImpressionId(), sample.getEmission()), bytes);
      if (known != null) {
        repeated.incrementAndGet();
        if (!known.equals(bytes)) {
          conflicts.incrementAndGet();
        }
      }
    }
  }

  /** The watermarks of all subtasks between one start of the job and its end or failure. */
  private static final class Clock {
    private final String start;
    private final int subtasks;
    private final Map<Integer, Long> watermarks = new ConcurrentHashMap<>();

    private Clock(String start, int subtasks) {
      this.start = start;
      this.subtasks = subtasks;
    }

    private long slowest() {
      return watermarks.size() < subtasks
          ? Long.MIN_VALUE
          : watermarks.values().stream().mapToLong(each -> each).min().orElse(Long.MIN_VALUE);
    }
  }

  // Flink runs in this JVM; the sink itself travels as bytes.
  private static final Map<String, Recording> RECORDINGS = new ConcurrentHashMap<>();

  private final String run;

  /** A recorder for the run of this name. */
  SampleRecorder(String run) {
    this.run = run;
  }

  /** What the run of this name made so far. */
  static Recording of(String run) {
    return RECORDINGS.computeIfAbsent(run, name -> new Recording());
  }

  /** Lets go of what the run of this name made. */
  static void forget(String run) {
    RECORDINGS.remove(run);
  }

  @Override
  public SinkWriter<LearnerInput> createWriter(WriterInitContext context) {
    Recording recording = of(run);
    TaskInfo task = context.getTaskInfo();
    int subtask = task.getIndexOfThisSubtask();
    Clock clock =
        recording.clockOf(
            context.getJobInfo().getJobId() + "#" + task.getAttemptNumber(),
            task.getNumberOfParallelSubtasks());
    return new SinkWriter<>() {
      @Override
      public void write(LearnerInput element, Context writing) {
        if (element.getBody() instanceof TrainingSample sample) {
          recording.add(sample);
        }
      }

      @Override
      public void writeWatermark(Watermark watermark) {
        clock.watermarks.put(subtask, watermark.getTimestamp());
      }

      @Override
      public void flush(boolean endOfInput) {}

      @Override
      public void close() {}
    };
  }
}

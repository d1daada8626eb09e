package io.tagstream.learner.flink;

import java.util.ArrayDeque;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Holds watermarks and idleness until everything that came before them has been trained and
 * answered: downstream may take a watermark as "the learner is done up to here".
 *
 * <p>Works on counts: of samples put into batches and of score requests, accepted and done.
 */
final class HeldWatermarks {

  /** Where watermarks go once they are due. */
  interface Sink {
    void watermark(Watermark watermark) throws Exception;

    void status(WatermarkStatus status) throws Exception;
  }

  private record Held(Watermark watermark, long batched, long requested) {}

  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private boolean idle;
  private long batched;
  private long trained;
  private long requested;
  private long answered;

  /** So many samples were put into the batch. */
  void batched(int samples) {
    batched += samples;
  }

  /** So many samples of the batch are trained, or refused. */
  void trained(int samples) {
    trained += samples;
  }

  /** A score request was accepted. */
  void requested() {
    requested++;
  }

  /** All score requests accepted so far are answered. */
  void answered() {
    answered = requested;
  }

  void watermark(Watermark watermark) {
    Held last = held.peekLast();
    if (last != null && last.batched == batched && last.requested == requested) {
      held.removeLast();
    }
    held.addLast(new Held(watermark, batched, requested));
  }

  void status(WatermarkStatus status, Sink sink) throws Exception {
    if (status.isIdle()) {
      idle = true;
      release(sink);
    } else if (idle) {
      idle = false; // downstream never heard of it
    } else {
      sink.status(status);
    }
  }

  /** Lets out what is due: of several watermarks the last. */
  void release(Sink sink) throws Exception {
    Watermark due = null;
    while (!held.isEmpty()
        && held.peekFirst().batched <= trained
        && held.peekFirst().requested <= answered) {
      due = held.removeFirst().watermark;
    }
    if (due != null) {
      sink.watermark(due);
    }
    if (idle && trained == batched && answered == requested) {
      idle = false;
      sink.status(WatermarkStatus.IDLE);
    }
  }
}

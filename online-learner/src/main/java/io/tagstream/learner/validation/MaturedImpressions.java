package io.tagstream.learner.validation;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2ObjectLinkedOpenHashMap;
import java.nio.ByteBuffer;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Calibration over impressions whose labels are final.
 *
 * <p>The prediction is the one made when the impression was first trained: later emissions are
 * scored by a model that has already seen the impression's earlier labels. It waits until the
 * impression has matured, because positives become known before negatives do, and a figure over
 * labels as they come would see too many positives whenever traffic grows.
 *
 * <p>An impression matures when its label window closes. One whose labels are all known earlier
 * never reports that; it matures once the window of an impression shown later, or at the same time,
 * has closed (all windows have one length). A correction changes the label of a matured impression
 * that is still in the ring.
 *
 * <p>Bounded: beyond {@code capacity} waiting impressions the oldest is given up, beyond {@code
 * capacity} matured ones the oldest leaves.
 */
final class MaturedImpressions {

  private static final int ABSENT = -1;

  private final int tasks;
  private final int capacity;

  /** Waiting impressions, oldest arrival first. */
  private final Long2ObjectLinkedOpenHashMap<Waiting> waiting =
      new Long2ObjectLinkedOpenHashMap<>();

  /** Waiting impressions whose labels are all known, by the time they were shown. */
  private final TreeMap<Shown, Waiting> complete = new TreeMap<>();

  /** The ring of matured impressions: slot s holds tasks entries from s · tasks. */
  private final long[] ids;

  private final float[] predictions;
  private final float[] labels;
  private final boolean[] known;
  private final Long2IntOpenHashMap slots = new Long2IntOpenHashMap();
  private int size;
  private int next;

  /** The latest time an impression was shown whose window has closed. */
  private long closedUpToMillis = Long.MIN_VALUE;

  MaturedImpressions(int tasks, int capacity) {
    this.tasks = tasks;
    this.capacity = capacity;
    this.ids = new long[capacity];
    this.predictions = new float[capacity * tasks];
    this.labels = new float[capacity * tasks];
    this.known = new boolean[capacity * tasks];
    slots.defaultReturnValue(ABSENT);
  }

  void observe(ScoredImpression scored) {
    int slot = slots.get(scored.impression());
    if (slot != ABSENT) {
      merge(scored, labels, known, slot * tasks);
      return;
    }
    Waiting impression = waiting.get(scored.impression());
    if (impression == null) {
      if (!anyCounted(scored)) {
        return; // a correction of an impression that has left: its prediction is gone
      }
      impression =
          new Waiting(scored.impressionTimeMillis(), scored.probabilities().clone(), tasks);
      waiting.put(scored.impression(), impression);
    }
    merge(scored, impression.labels, impression.known, 0);
    if (scored.windowClosed()) {
      closedUpToMillis = Math.max(closedUpToMillis, impression.shownAtMillis);
      mature(scored.impression(), impression);
    } else if (impression.isComplete()) {
      complete.put(new Shown(impression.shownAtMillis, scored.impression()), impression);
    }
    releaseComplete();
    if (waiting.size() > capacity) {
      long oldest = waiting.firstLongKey();
      Waiting gone = waiting.removeFirst();
      complete.remove(new Shown(gone.shownAtMillis, oldest));
    }
  }

  /** Sum of predictions over sum of labels; null when nothing positive has matured. */
  @Nullable Double predictedOverObserved(int task) {
    double predicted = 0;
    double observed = 0;
    for (int age = 0; age < size; age++) {
      int i = slot(age) * tasks + task;
      if (known[i]) {
        predicted += predictions[i];
        observed += labels[i];
      }
    }
    return observed == 0 ? null : predicted / observed;
  }

  private void releaseComplete() {
    while (!complete.isEmpty() && complete.firstKey().atMillis <= closedUpToMillis) {
      var first = complete.pollFirstEntry();
      mature(first.getKey().impression, first.getValue());
    }
  }

  private void mature(long id, Waiting impression) {
    waiting.remove(id);
    complete.remove(new Shown(impression.shownAtMillis, id));
    matured(id, impression);
  }

  private void matured(long id, Waiting impression) {
    if (size == capacity) {
      slots.remove(ids[next]);
    }
    ids[next] = id;
    System.arraycopy(impression.predictions, 0, predictions, next * tasks, tasks);
    System.arraycopy(impression.labels, 0, labels, next * tasks, tasks);
    System.arraycopy(impression.known, 0, known, next * tasks, tasks);
    slots.put(id, next);
    next = next + 1 == capacity ? 0 : next + 1;
    size = Math.min(size + 1, capacity);
  }

  private void merge(ScoredImpression scored, float[] labels, boolean[] known, int at) {
    for (int k = 0; k < tasks; k++) {
      if (scored.labelled()[k]) {
        labels[at + k] = scored.labels()[k];
        known[at + k] = true;
      }
    }
  }

  private static boolean anyCounted(ScoredImpression scored) {
    for (boolean counted : scored.counted()) {
      if (counted) {
        return true;
      }
    }
    return false;
  }

  private int slot(int fromOldest) {
    return Math.floorMod(next - size + fromOldest, capacity);
  }

  int bytes() {
    int entry = tasks * (2 * Float.BYTES + 1);
    return Long.BYTES
        + 2 * Integer.BYTES
        + waiting.size() * (2 * Long.BYTES + entry)
        + size * (Long.BYTES + entry);
  }

  /** Oldest first, waiting before matured. */
  void write(ByteBuffer to) {
    to.putLong(closedUpToMillis).putInt(waiting.size());
    for (var entry : waiting.long2ObjectEntrySet()) {
      Waiting impression = entry.getValue();
      to.putLong(entry.getLongKey()).putLong(impression.shownAtMillis);
      writeEntry(to, impression.predictions, impression.labels, impression.known, 0);
    }
    to.putInt(size);
    for (int i = 0; i < size; i++) {
      int slot = slot(i);
      to.putLong(ids[slot]);
      writeEntry(to, predictions, labels, known, slot * tasks);
    }
  }

  void read(ByteBuffer from) {
    closedUpToMillis = from.getLong();
    for (int left = from.getInt(); left > 0; left--) {
      long id = from.getLong();
      Waiting impression = new Waiting(from.getLong(), new float[tasks], tasks);
      readEntry(from, impression);
      waiting.put(id, impression);
      if (impression.isComplete()) {
        complete.put(new Shown(impression.shownAtMillis, id), impression);
      }
    }
    for (int left = from.getInt(); left > 0; left--) {
      long id = from.getLong();
      Waiting impression = new Waiting(0, new float[tasks], tasks);
      readEntry(from, impression);
      matured(id, impression);
    }
  }

  private void writeEntry(
      ByteBuffer to, float[] predictions, float[] labels, boolean[] known, int at) {
    for (int k = at; k < at + tasks; k++) {
      to.putFloat(predictions[k]).putFloat(labels[k]).put((byte) (known[k] ? 1 : 0));
    }
  }

  private void readEntry(ByteBuffer from, Waiting into) {
    for (int k = 0; k < tasks; k++) {
      into.predictions[k] = from.getFloat();
      into.labels[k] = from.getFloat();
      into.known[k] = from.get() != 0;
    }
  }

  /** One impression that has not matured. */
  private static final class Waiting {
    final long shownAtMillis;
    final float[] predictions;
    final float[] labels;
    final boolean[] known;

    Waiting(long shownAtMillis, float[] predictions, int tasks) {
      this.shownAtMillis = shownAtMillis;
      this.predictions = predictions;
      this.labels = new float[tasks];
      this.known = new boolean[tasks];
    }

    boolean isComplete() {
      for (boolean k : known) {
        if (!k) {
          return false;
        }
      }
      return true;
    }
  }

  private record Shown(long atMillis, long impression) implements Comparable<Shown> {
    @Override
    public int compareTo(Shown other) {
      int byTime = Long.compare(atMillis, other.atMillis);
      return byTime != 0 ? byTime : Long.compare(impression, other.impression);
    }
  }
}

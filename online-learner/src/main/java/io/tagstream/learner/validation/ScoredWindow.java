package io.tagstream.learner.validation;

import java.nio.ByteBuffer;

/** The last scored rows of one task: a ring of (user, probability, label). */
final class ScoredWindow {

  static final int ROW_BYTES = Long.BYTES + 2 * Float.BYTES;

  private final long[] users;
  private final float[] probabilities;
  private final float[] labels;
  private int size;
  private int next;

  ScoredWindow(int capacity) {
    this.users = new long[capacity];
    this.probabilities = new float[capacity];
    this.labels = new float[capacity];
  }

  void add(long user, float probability, float label) {
    users[next] = user;
    probabilities[next] = probability;
    labels[next] = label;
    next = next + 1 == users.length ? 0 : next + 1;
    size = Math.min(size + 1, users.length);
  }

  int size() {
    return size;
  }

  double positives() {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += labels[slot(i)];
    }
    return sum;
  }

  /** Rows from the oldest: floating-point sums must not depend on where the ring begins. */
  RankingMetrics metrics() {
    long[] user = new long[size];
    float[] probability = new float[size];
    float[] label = new float[size];
    for (int i = 0; i < size; i++) {
      user[i] = users[slot(i)];
      probability[i] = probabilities[slot(i)];
      label[i] = labels[slot(i)];
    }
    return new RankingMetrics(user, probability, label, size);
  }

  private int slot(int fromOldest) {
    return Math.floorMod(next - size + fromOldest, users.length);
  }

  int bytes() {
    return Integer.BYTES + size * ROW_BYTES;
  }

  /** Oldest row first. */
  void write(ByteBuffer to) {
    to.putInt(size);
    for (int i = 0; i < size; i++) {
      int row = slot(i);
      to.putLong(users[row]).putFloat(probabilities[row]).putFloat(labels[row]);
    }
  }

  /** Rows beyond this window's capacity push the oldest out, so a smaller window may read them. */
  void read(ByteBuffer from) {
    int rows = from.getInt();
    for (int i = 0; i < rows; i++) {
      add(from.getLong(), from.getFloat(), from.getFloat());
    }
  }
}

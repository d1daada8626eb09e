package io.tagstream.learner.scoring;

import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which tags the positives of all users carry, per task: what is said of a user of whom nothing is
 * known.
 *
 * <p>A positive counts its label, and half of that a half-life later. Counts grow forward instead
 * of shrinking (forward decay; Cormode, Shkapenyuk, Srivastava, Xu, ICDE 2009): each is multiplied
 * by {@code 2^((t − landmark) / halfLife)}, which cancels in the shares, and so events may come in
 * any order. Not thread-safe.
 */
public final class TagPopularity {

  private static final byte VERSION = 1;

  /** Half-lives after the landmark from which on it moves: far from what a double can hold. */
  private static final int MOST_HALF_LIVES = 256;

  private static final int HEAD_BYTES = 1 + 1 + Long.BYTES + Integer.BYTES;

  /**
   * A tag with the share of a task's positives that carry it.
   *
   * @param share in (0, 1]
   */
  public record Share(String tag, float share) {}

  private final TagVocabulary vocabulary;
  private final double halfLifeMillis;
  private final double[] totals;
  private final DoubleArrayList[] counts;
  private long landmarkMillis = Long.MIN_VALUE;

  /**
   * Nothing counted yet.
   *
   * @param vocabulary the tags; those it does not know when they are counted are left out
   * @param tasks number of tasks {@code K}
   * @param halfLife event time in which a positive loses half its weight; positive
   */
  public TagPopularity(TagVocabulary vocabulary, int tasks, Duration halfLife) {
    this.vocabulary = vocabulary;
    this.halfLifeMillis = halfLife.toMillis();
    this.totals = new double[tasks];
    this.counts = new DoubleArrayList[tasks];
    for (int task = 0; task < tasks; task++) {
      counts[task] = new DoubleArrayList();
    }
  }

  /**
   * Counts a positive.
   *
   * @param tags of its item, each once
   * @param label in (0, 1]
   * @param eventTimeMillis when it was shown
   */
  public void observe(int task, List<String> tags, float label, long eventTimeMillis) {
    double weight = label * growth(eventTimeMillis);
    totals[task] += weight;
    for (String tag : tags) {
      int index = vocabulary.indexOf(tag);
      if (index >= 0) {
        DoubleArrayList count = counts[task];
        if (count.size() <= index) {
          count.size(index + 1);
        }
        count.set(index, count.getDouble(index) + weight);
      }
    }
  }

  private double growth(long eventTimeMillis) {
    if (landmarkMillis == Long.MIN_VALUE) {
      landmarkMillis = eventTimeMillis;
    }
    double halfLives = (eventTimeMillis - landmarkMillis) / halfLifeMillis;
    if (halfLives > MOST_HALF_LIVES) {
      double shrink = StrictMath.pow(2, -halfLives);
      for (int task = 0; task < totals.length; task++) {
        totals[task] *= shrink;
        DoubleArrayList count = counts[task];
        for (int tag = 0; tag < count.size(); tag++) {
          count.set(tag, count.getDouble(tag) * shrink);
        }
      }
      landmarkMillis = eventTimeMillis;
      halfLives = 0;
    }
    return StrictMath.pow(2, halfLives);
  }

  /**
   * The tags of most of a task's positives, best first; equally popular ones in the vocabulary's
   * order.
   *
   * @param most no more than so many
   * @param denied tags that are passed over
   */
  public List<Share> best(int task, int most, Set<String> denied) {
    float[] shares = new float[counts[task].size()];
    for (int tag = 0; tag < shares.length; tag++) {
      double count = counts[task].getDouble(tag);
      shares[tag] =
          count > 0 && !denied.contains(vocabulary.name(tag))
              ? (float) (count / totals[task])
              : Float.NaN;
    }
    int[] tags = new int[most];
    float[] scores = new float[most];
    int found = new TopTags(most).select(shares, 0, shares.length, tags, scores, 0);
    List<Share> best = new ArrayList<>(found);
    for (int rank = 0; rank < found; rank++) {
      best.add(new Share(vocabulary.name(tags[rank]), scores[rank]));
    }
    return best;
  }

  /**
   * Layout 1, big-endian: version, tasks (bytes), landmark (long); per task its total (double), the
   * number of tags (int) and their counts (doubles) in the vocabulary's order.
   */
  public byte[] toBytes() {
    int length = HEAD_BYTES - Integer.BYTES;
    for (DoubleArrayList count : counts) {
      length += Double.BYTES + Integer.BYTES + count.size() * Double.BYTES;
    }
    ByteBuffer buffer = ByteBuffer.allocate(length);
    buffer.put(VERSION).put((byte) totals.length).putLong(landmarkMillis);
    for (int task = 0; task < totals.length; task++) {
      buffer.putDouble(totals[task]).putInt(counts[task].size());
      counts[task].forEach((double count) -> buffer.putDouble(count));
    }
    return buffer.array();
  }

  /**
   * Takes over what {@link #toBytes} wrote; the vocabulary must be restored as it was then.
   *
   * @throws IllegalArgumentException when version, task count or length do not fit
   */
  public void restore(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (bytes.length < HEAD_BYTES || buffer.get() != VERSION || buffer.get() != totals.length) {
      throw refused(bytes);
    }
    landmarkMillis = buffer.getLong();
    for (int task = 0; task < totals.length; task++) {
      if (buffer.remaining() < Double.BYTES + Integer.BYTES) {
        throw refused(bytes);
      }
      totals[task] = buffer.getDouble();
      int tags = buffer.getInt();
      if (tags < 0 || buffer.remaining() / Double.BYTES < tags) {
        throw refused(bytes);
      }
      counts[task].clear();
      for (int tag = 0; tag < tags; tag++) {
        counts[task].add(buffer.getDouble());
      }
    }
    if (buffer.hasRemaining()) {
      throw refused(bytes);
    }
  }

  private IllegalArgumentException refused(byte[] bytes) {
    return new IllegalArgumentException(
        String.format(
            "tag popularity: %d bytes - this release reads version %d with %d tasks",
            bytes.length, VERSION, totals.length));
  }
}

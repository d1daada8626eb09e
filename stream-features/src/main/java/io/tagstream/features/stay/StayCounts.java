package io.tagstream.features.stay;

import io.tagstream.features.bytes.RecordFormatException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * How often a stay took how long. Counts are exact, so that any grouping and order of adding gives
 * the same; lengths are told apart to the millisecond below two seconds, and to a thousandth above.
 */
public final class StayCounts {

  /** The longest length that is told apart; longer stays count as this long. */
  public static final long LONGEST_MILLIS = Duration.ofDays(1).toMillis();

  private static final int SIGNIFICANT_DIGITS = 3;

  private final Histogram counts;

  /** No stays. */
  public StayCounts() {
    this(new Histogram(LONGEST_MILLIS, SIGNIFICANT_DIGITS)); // fixed: it never grows
  }

  private StayCounts(Histogram counts) {
    this.counts = counts;
  }

  /**
   * What {@link #toBytes} gave.
   *
   * @throws RecordFormatException when the bytes are not such counts, or more than that
   */
  public static StayCounts of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    Histogram counts;
    try {
      counts = Histogram.decodeFromByteBuffer(buffer, LONGEST_MILLIS);
    } catch (RuntimeException e) { // the library throws whatever the broken place leads to
      throw new RecordFormatException(
          bytes.length + " bytes that are no counts of stays: " + e.getMessage());
    }
    if (buffer.hasRemaining()
        || counts.getHighestTrackableValue() != LONGEST_MILLIS
        || counts.getNumberOfSignificantValueDigits() != SIGNIFICANT_DIGITS) {
      throw new RecordFormatException(
          bytes.length
              + " bytes of counts of stays, "
              + buffer.remaining()
              + " of them left over, up to "
              + counts.getHighestTrackableValue()
              + " ms with "
              + counts.getNumberOfSignificantValueDigits()
              + " digits; these counts go up to "
              + LONGEST_MILLIS
              + " ms with "
              + SIGNIFICANT_DIGITS);
    }
    return new StayCounts(counts);
  }

  /** These counts as bytes: some for each length there is, none for the lengths beyond. */
  public byte[] toBytes() {
    ByteBuffer buffer = ByteBuffer.allocate(counts.getNeededByteBufferCapacity());
    int length = counts.encodeIntoByteBuffer(buffer);
    byte[] bytes = new byte[length];
    buffer.get(0, bytes);
    return bytes;
  }

  /**
   * Counts a stay.
   *
   * @param stayMillis length of the stay, not negative
   */
  public void count(long stayMillis) {
    counts.recordValue(Math.min(stayMillis, LONGEST_MILLIS));
  }

  /** Adds all of another's stays. */
  public void add(StayCounts others) {
    counts.add(others.counts);
  }

  /** Takes back stays that were added. */
  public void subtract(StayCounts others) {
    counts.subtract(others.counts);
  }

  /** Number of stays. */
  public long total() {
    return counts.getTotalCount();
  }

  /**
   * Edges that part the stays into bins of equal numbers, as nearly as may be: edge k of n bins is
   * the length for which the number of shorter stays is nearest to k/n of all, the shorter one of
   * two that are as near. Stays of one length are never parted, so several edges may fall on one
   * length: that is one edge, and there are fewer bins. Nor is an edge at the shortest stay, so no
   * bin is empty.
   *
   * @param bins how many bins there should be, at least 2
   * @return ascending, positive, milliseconds, at most bins − 1; none when all stays are equal
   */
  public List<Long> equalFrequencyEdges(int bins) {
    List<Long> edges = new ArrayList<>(bins - 1);
    Placement placement = new Placement(edges, bins, total());
    long shorter = 0;
    for (HistogramIterationValue each : counts.recordedValues()) {
      if (shorter > 0) {
        placement.offer(counts.lowestEquivalentValue(each.getValueIteratedTo()), shorter);
      }
      shorter += each.getCountAtValueIteratedTo();
    }
    placement.finish();
    return edges;
  }

  /** Goes up the lengths once, and keeps each edge at the one that is nearest so far. */
  private static final class Placement {
    private final List<Long> edges;
    private final int bins;
    private final long total;
    private int edge = 1;
    private long lastLength;
    private long lastShorter;

    Placement(List<Long> edges, int bins, long total) {
      this.edges = edges;
      this.bins = bins;
      this.total = total;
    }

    void offer(long length, long shorter) {
      while (edge < bins && edge * total <= shorter * bins) {
        boolean lastIsNearer =
            lastShorter > 0 && edge * total - lastShorter * bins <= shorter * bins - edge * total;
        place(lastIsNearer ? lastLength : length);
      }
      lastLength = length;
      lastShorter = shorter;
    }

    /** Edges beyond the longest stay fall on it. */
    void finish() {
      if (edge < bins && lastShorter > 0) {
        place(lastLength);
      }
    }

    private void place(long length) {
      edge++;
      if (edges.isEmpty() || edges.get(edges.size() - 1) < length) {
        edges.add(length);
      }
    }
  }
}

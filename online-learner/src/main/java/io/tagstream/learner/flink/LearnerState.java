package io.tagstream.learner.flink;

import io.tagstream.learner.embedding.RowPage;
import io.tagstream.learner.training.TrainerCapture;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Everything of the learner's state that is not keyed, as list state elements and back.
 *
 * @param capture the engine
 * @param validation windows of progressive validation
 * @param weigher running means of the stage weights
 * @param namer medians over users
 * @param popularity of tags
 * @param counters samples trained, samples quarantined, largest event time trained
 * @param pending what is accepted and not trained (`deterministic` only)
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LearnerState(
    TrainerCapture capture,
    byte[] validation,
    byte[] weigher,
    byte[] namer,
    byte[] popularity,
    byte[] counters,
    byte[] pending) {

  /** Codes of parts in persisted pieces; never reused. */
  private static final int INDEX = 0;

  private static final int ENGINE = 1;
  private static final int VALIDATION = 2;
  private static final int WEIGHER = 3;
  private static final int NAMER = 4;
  private static final int COUNTERS = 5;
  private static final int PENDING = 6;
  private static final int POPULARITY = 7;

  /** The list state's elements. The first one says how many there are. */
  List<StatePage> toPages() {
    List<StatePage> pages = new ArrayList<>();
    add(pages, ENGINE, capture.header());
    add(pages, VALIDATION, validation);
    add(pages, WEIGHER, weigher);
    add(pages, NAMER, namer);
    add(pages, POPULARITY, popularity);
    add(pages, COUNTERS, counters);
    add(pages, PENDING, pending);
    for (RowPage page : capture.pages()) {
      pages.add(new StatePage.Rows(page));
    }
    byte[] count = ByteBuffer.allocate(Integer.BYTES).putInt(pages.size()).array();
    pages.add(0, new StatePage.Piece(INDEX, 0, count));
    return pages;
  }

  private static void add(List<StatePage> pages, int part, byte[] bytes) {
    int number = 0;
    for (int from = 0; from == 0 || from < bytes.length; from += StatePage.PIECE_BYTES) {
      int to = Math.min(bytes.length, from + StatePage.PIECE_BYTES);
      pages.add(new StatePage.Piece(part, number++, Arrays.copyOfRange(bytes, from, to)));
    }
  }

  /**
   * The state in these elements.
   *
   * @throws IllegalStateException when elements are missing: Flink deals list state out anew when
   *     the parallelism changes, and half a model is none
   */
  static LearnerState fromPages(Iterable<StatePage> pages) {
    List<RowPage> rows = new ArrayList<>();
    TreeMap<Integer, TreeMap<Integer, byte[]>> parts = new TreeMap<>();
    int found = -1;
    for (StatePage page : pages) {
      found++;
      if (page instanceof StatePage.Rows r) {
        rows.add(r.page());
      } else if (page instanceof StatePage.Piece piece) {
        parts
            .computeIfAbsent(piece.part(), part -> new TreeMap<>())
            .put(piece.number(), piece.bytes());
      }
    }
    byte[] index = joined(parts, INDEX);
    int expected = index.length == Integer.BYTES ? ByteBuffer.wrap(index).getInt() : -1;
    if (expected < 0 || found != expected) {
      throw new IllegalStateException(
          String.format(
              "learner state: %d pages restored, %d were written - the learner's parallelism cannot"
                  + " change over a restore; set it back to what the checkpoint was written with",
              Math.max(found, 0), Math.max(expected, 0)));
    }
    return new LearnerState(
        new TrainerCapture(joined(parts, ENGINE), rows),
        joined(parts, VALIDATION),
        joined(parts, WEIGHER),
        joined(parts, NAMER),
        joined(parts, POPULARITY),
        joined(parts, COUNTERS),
        joined(parts, PENDING));
  }

  private static byte[] joined(TreeMap<Integer, TreeMap<Integer, byte[]>> parts, int part) {
    TreeMap<Integer, byte[]> pieces = parts.getOrDefault(part, new TreeMap<>());
    int length = 0;
    for (byte[] piece : pieces.values()) {
      length += piece.length;
    }
    ByteBuffer whole = ByteBuffer.wrap(new byte[length]);
    pieces.values().forEach(whole::put);
    return whole.array();
  }
}

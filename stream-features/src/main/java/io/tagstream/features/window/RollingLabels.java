package io.tagstream.features.window;

import io.tagstream.features.bytes.ByteReader;
import io.tagstream.features.bytes.ByteWriter;
import io.tagstream.features.bytes.RecordFormatException;
import java.util.Arrays;

/**
 * Count and sum of the labels of each task, over {@link Window}s of tiles aligned to UTC hours and
 * days.
 *
 * <p>Labels are booked to the tile of their impression. Running totals make a reading O(1); moving
 * on costs a step per tile passed. Sums are fixed-point, {@link #ONE} to the unit, so that the
 * order of bookings never shows.
 *
 * <p>Invariant: {@code total(window) = Σ tiles of the window}, the newest tile being that of the
 * largest time seen.
 */
public final class RollingLabels {

  /** The label 1 in fixed point. */
  public static final int ONE = 1 << 16;

  /** Number of one-hour tiles. */
  public static final int HOURS = 24;

  /** Number of one-day tiles. */
  public static final int DAYS = 30;

  private static final int WEEK_DAYS = 7;
  private static final long HOUR_MILLIS = 3_600_000L;
  private static final long NONE = Long.MIN_VALUE;
  private static final int WINDOWS = Window.values().length;

  private final int tasks;
  private final long[] hourCounts;
  private final long[] hourSums;
  private final long[] dayCounts;
  private final long[] daySums;
  private final long[] totalCounts;
  private final long[] totalSums;

  /** Hour since the epoch of the newest tile. */
  private long head = NONE;

  /**
   * Empty statistics.
   *
   * @param tasks number of tasks
   */
  public RollingLabels(int tasks) {
    this.tasks = tasks;
    this.hourCounts = new long[HOURS * tasks];
    this.hourSums = new long[HOURS * tasks];
    this.dayCounts = new long[DAYS * tasks];
    this.daySums = new long[DAYS * tasks];
    this.totalCounts = new long[WINDOWS * tasks];
    this.totalSums = new long[WINDOWS * tasks];
  }

  /** The label in fixed point, rounded to the nearest. */
  public static int fixed(double label) {
    return (int) StrictMath.rint(label * ONE);
  }

  /** Forgets everything. */
  public void clear() {
    if (head == NONE) {
      return;
    }
    head = NONE;
    clearTiles();
  }

  /** Becomes equal to another of as many tasks. */
  public void copyFrom(RollingLabels other) {
    head = other.head;
    copy(other.hourCounts, hourCounts);
    copy(other.hourSums, hourSums);
    copy(other.dayCounts, dayCounts);
    copy(other.daySums, daySums);
    copy(other.totalCounts, totalCounts);
    copy(other.totalSums, totalSums);
  }

  /** Makes the tile of this time the newest; tiles that fall out of a window leave its totals. */
  public void advanceTo(long timeMillis) {
    long hour = Math.floorDiv(timeMillis, HOUR_MILLIS);
    if (hour <= head) {
      return;
    }
    if (head == NONE) {
      head = hour;
      return;
    }
    long lastDay = Math.floorDiv(head, HOURS);
    long day = Math.floorDiv(hour, HOURS);
    if (day - lastDay >= DAYS) {
      clearTiles();
      head = hour;
      return;
    }
    for (long h = Math.max(head, hour - HOURS) + 1; h <= hour; h++) {
      dropTile(hourCounts, hourSums, slot(h, HOURS), Window.DAY);
    }
    for (long d = lastDay + 1; d <= day; d++) {
      subtract(dayCounts, daySums, slot(d - WEEK_DAYS, DAYS), Window.WEEK);
      dropTile(dayCounts, daySums, slot(d, DAYS), Window.MONTH); // holds day d - 30 until now
    }
    head = hour;
  }

  /**
   * Adds to the tile of an impression; a tile that has left a window takes nothing.
   *
   * @param task index of the task
   * @param impressionTimeMillis when the impression was shown
   * @param count labels to add
   * @param sum their sum, fixed point; negative to take back
   */
  public void book(int task, long impressionTimeMillis, int count, int sum) {
    advanceTo(impressionTimeMillis);
    long hour = Math.floorDiv(impressionTimeMillis, HOUR_MILLIS);
    if (head - hour < HOURS) {
      add(hourCounts, hourSums, slot(hour, HOURS) + task, count, sum);
      add(totalCounts, totalSums, total(Window.DAY) + task, count, sum);
    }
    long day = Math.floorDiv(hour, HOURS);
    long age = Math.floorDiv(head, HOURS) - day;
    if (age < DAYS) {
      add(dayCounts, daySums, slot(day, DAYS) + task, count, sum);
      add(totalCounts, totalSums, total(Window.MONTH) + task, count, sum);
    }
    if (age < WEEK_DAYS) {
      add(totalCounts, totalSums, total(Window.WEEK) + task, count, sum);
    }
  }

  /** Forgets every tile that begins at or before this time. */
  public void forgetUpTo(long timeMillis) {
    if (head == NONE) {
      return;
    }
    long lastHour = Math.floorDiv(timeMillis, HOUR_MILLIS);
    for (long h = head - HOURS + 1; h <= Math.min(head, lastHour); h++) {
      dropTile(hourCounts, hourSums, slot(h, HOURS), Window.DAY);
    }
    long headDay = Math.floorDiv(head, HOURS);
    long lastDay = Math.floorDiv(lastHour, HOURS);
    for (long d = headDay - DAYS + 1; d <= Math.min(headDay, lastDay); d++) {
      if (headDay - d < WEEK_DAYS) {
        subtract(dayCounts, daySums, slot(d, DAYS), Window.WEEK);
      }
      dropTile(dayCounts, daySums, slot(d, DAYS), Window.MONTH);
    }
  }

  /** Whether any tile holds a label. */
  public boolean holdsLabels() {
    return holdsSomething(dayCounts, 0, DAYS * tasks)
        || holdsSomething(hourCounts, 0, HOURS * tasks);
  }

  /** Labels of a task in a window. */
  public long count(int task, Window window) {
    return totalCounts[total(window) + task];
  }

  /** Their sum, fixed point. */
  public long sum(int task, Window window) {
    return totalSums[total(window) + task];
  }

  /** Mean label of a task in a window; 0 where there is none. */
  public double mean(int task, Window window) {
    long count = count(task, window);
    return count == 0 ? 0 : sum(task, window) / ((double) count * ONE);
  }

  /**
   * Layout: 0 when empty; else 1, the newest hour (varint), the hour tiles, the day tiles. Tiles:
   * how many hold something, then each as its age and, per task, count and sum (varints).
   */
  public void write(ByteWriter out) {
    if (head == NONE) {
      out.u8(0);
      return;
    }
    out.u8(1);
    out.zigzag(head);
    writeTiles(out, hourCounts, hourSums, head, HOURS);
    writeTiles(out, dayCounts, daySums, Math.floorDiv(head, HOURS), DAYS);
  }

  /** Becomes what was written. */
  public void read(ByteReader in) {
    clear();
    int form = in.u8();
    if (form == 0) {
      return;
    }
    if (form != 1) {
      throw new RecordFormatException("rolling labels of the unknown form " + form);
    }
    head = in.zigzag();
    readTiles(in, hourCounts, hourSums, head, HOURS);
    readTiles(in, dayCounts, daySums, Math.floorDiv(head, HOURS), DAYS);
  }

  private void writeTiles(ByteWriter out, long[] counts, long[] sums, long newest, int tiles) {
    int held = 0;
    for (int slot = 0; slot < tiles; slot++) {
      held += holdsSomething(counts, slot * tasks, tasks) ? 1 : 0;
    }
    out.varint(held);
    for (int age = 0; age < tiles && held > 0; age++) {
      int at = slot(newest - age, tiles);
      if (holdsSomething(counts, at, tasks)) {
        held--;
        out.u8(age);
        for (int k = at; k < at + tasks; k++) {
          out.varint(counts[k]);
          out.varint(sums[k]);
        }
      }
    }
  }

  private void readTiles(ByteReader in, long[] counts, long[] sums, long newest, int tiles) {
    int held = in.size(tiles);
    for (int i = 0; i < held; i++) {
      int age = in.size(tiles - 1);
      int at = slot(newest - age, tiles);
      for (int task = 0; task < tasks; task++) {
        long count = in.varint();
        long sum = in.varint();
        counts[at + task] = count;
        sums[at + task] = sum;
        if (tiles == HOURS) {
          addTotal(Window.DAY, task, count, sum);
        } else {
          addTotal(Window.MONTH, task, count, sum);
          if (age < WEEK_DAYS) {
            addTotal(Window.WEEK, task, count, sum);
          }
        }
      }
    }
  }

  private static boolean holdsSomething(long[] counts, int at, int length) {
    for (int k = at; k < at + length; k++) {
      if (counts[k] != 0) {
        return true;
      }
    }
    return false;
  }

  private void addTotal(Window window, int task, long count, long sum) {
    add(totalCounts, totalSums, total(window) + task, count, sum);
  }

  private void dropTile(long[] counts, long[] sums, int at, Window window) {
    subtract(counts, sums, at, window);
    Arrays.fill(counts, at, at + tasks, 0);
    Arrays.fill(sums, at, at + tasks, 0);
  }

  private void subtract(long[] counts, long[] sums, int at, Window window) {
    int total = total(window);
    for (int task = 0; task < tasks; task++) {
      totalCounts[total + task] -= counts[at + task];
      totalSums[total + task] -= sums[at + task];
    }
  }

  private void clearTiles() {
    Arrays.fill(hourCounts, 0);
    Arrays.fill(hourSums, 0);
    Arrays.fill(dayCounts, 0);
    Arrays.fill(daySums, 0);
    Arrays.fill(totalCounts, 0);
    Arrays.fill(totalSums, 0);
  }

  private int slot(long tile, int tiles) {
    return (int) Math.floorMod(tile, (long) tiles) * tasks;
  }

  private int total(Window window) {
    return switch (window) {
      case DAY -> 0;
      case WEEK -> tasks;
      case MONTH -> 2 * tasks;
    };
  }

  private static void add(long[] counts, long[] sums, int at, long count, long sum) {
    counts[at] += count;
    sums[at] += sum;
  }

  private static void copy(long[] from, long[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }
}

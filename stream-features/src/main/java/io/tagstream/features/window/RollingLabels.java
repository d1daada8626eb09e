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

  /** Bit per slot whose tile may hold labels, so that empty tiles cost nothing. */
  private int hoursHeld;

  private int daysHeld;

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
    hoursHeld = other.hoursHeld;
    daysHeld = other.daysHeld;
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
      dropHour(h);
    }
    for (long d = lastDay + 1; d <= day; d++) {
      leaveWeek(d - WEEK_DAYS);
      dropDay(d); // its slot holds day d - 30 until now
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
      hoursHeld |= 1 << slot(hour, HOURS);
      add(hourCounts, hourSums, slot(hour, HOURS) * tasks + task, count, sum);
      add(totalCounts, totalSums, total(Window.DAY) + task, count, sum);
    }
    long day = Math.floorDiv(hour, HOURS);
    long age = Math.floorDiv(head, HOURS) - day;
    if (age < DAYS) {
      daysHeld |= 1 << slot(day, DAYS);
      add(dayCounts, daySums, slot(day, DAYS) * tasks + task, count, sum);
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
      dropHour(h);
    }
    long headDay = Math.floorDiv(head, HOURS);
    long lastDay = Math.floorDiv(lastHour, HOURS);
    for (long d = headDay - DAYS + 1; d <= Math.min(headDay, lastDay); d++) {
      if (headDay - d < WEEK_DAYS) {
        leaveWeek(d);
      }
      dropDay(d);
    }
  }

  /** Whether any tile holds a label. */
  public boolean holdsLabels() {
    return (hoursHeld | daysHeld) != 0;
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
    writeTiles(out, hourCounts, hourSums, hoursHeld, head, HOURS);
    writeTiles(out, dayCounts, daySums, daysHeld, Math.floorDiv(head, HOURS), DAYS);
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

  private void writeTiles(
      ByteWriter out, long[] counts, long[] sums, int held, long newest, int tiles) {
    out.varint(Integer.bitCount(held));
    int slot = slot(newest, tiles);
    for (int age = 0; age < tiles; age++) {
      if ((held >>> slot & 1) != 0) {
        out.u8(age);
        for (int k = slot * tasks; k < (slot + 1) * tasks; k++) {
          out.varint(counts[k]);
          out.varint(sums[k]);
        }
      }
      slot = slot == 0 ? tiles - 1 : slot - 1;
    }
  }

  private void readTiles(ByteReader in, long[] counts, long[] sums, long newest, int tiles) {
    int held = in.size(tiles);
    for (int i = 0; i < held; i++) {
      int age = in.size(tiles - 1);
      int slot = slot(newest - age, tiles);
      int at = slot * tasks;
      if (tiles == HOURS) {
        hoursHeld |= 1 << slot;
      } else {
        daysHeld |= 1 << slot;
      }
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

  private void addTotal(Window window, int task, long count, long sum) {
    add(totalCounts, totalSums, total(window) + task, count, sum);
  }

  private void dropHour(long hour) {
    int slot = slot(hour, HOURS);
    if ((hoursHeld >>> slot & 1) != 0) {
      subtract(hourCounts, hourSums, slot, Window.DAY);
      clearTile(hourCounts, hourSums, slot);
      hoursHeld &= ~(1 << slot);
    }
  }

  private void dropDay(long day) {
    int slot = slot(day, DAYS);
    if ((daysHeld >>> slot & 1) != 0) {
      subtract(dayCounts, daySums, slot, Window.MONTH);
      clearTile(dayCounts, daySums, slot);
      daysHeld &= ~(1 << slot);
    }
  }

  private void leaveWeek(long day) {
    int slot = slot(day, DAYS);
    if ((daysHeld >>> slot & 1) != 0) {
      subtract(dayCounts, daySums, slot, Window.WEEK);
    }
  }

  private void subtract(long[] counts, long[] sums, int slot, Window window) {
    int total = total(window);
    for (int task = 0; task < tasks; task++) {
      totalCounts[total + task] -= counts[slot * tasks + task];
      totalSums[total + task] -= sums[slot * tasks + task];
    }
  }

  private void clearTile(long[] counts, long[] sums, int slot) {
    Arrays.fill(counts, slot * tasks, (slot + 1) * tasks, 0);
    Arrays.fill(sums, slot * tasks, (slot + 1) * tasks, 0);
  }

  private void clearTiles() {
    for (int held = hoursHeld; held != 0; held &= held - 1) {
      clearTile(hourCounts, hourSums, Integer.numberOfTrailingZeros(held));
    }
    for (int held = daysHeld; held != 0; held &= held - 1) {
      clearTile(dayCounts, daySums, Integer.numberOfTrailingZeros(held));
    }
    hoursHeld = 0;
    daysHeld = 0;
    Arrays.fill(totalCounts, 0);
    Arrays.fill(totalSums, 0);
  }

  private static int slot(long tile, int tiles) {
    return (int) Math.floorMod(tile, (long) tiles);
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

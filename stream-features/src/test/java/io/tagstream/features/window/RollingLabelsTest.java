package io.tagstream.features.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.features.bytes.ByteReader;
import io.tagstream.features.bytes.ByteWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.arbitraries.ListArbitrary;
import org.junit.jupiter.api.Test;

class RollingLabelsTest {

  private static final long HOUR = 3_600_000L;
  private static final long DAY = 24 * HOUR;

  /** A label booked at a time to the tile of its impression. */
  private record Booking(long gapMillis, long ageMillis, int task, int sum) {}

  @Property(tries = 300, seed = "20260101")
  void everyReadingIsAFullScan(@ForAll("bookings") List<Booking> bookings) {
    RollingLabels labels = new RollingLabels(2);
    List<long[]> plain = new ArrayList<>();
    // Just before the turn of an hour, a day, a month and a leap day.
    long now = Instant.parse("2024-02-29T23:59:59.500Z").toEpochMilli();
    for (Booking booking : bookings) {
      now += booking.gapMillis();
      labels.advanceTo(now);
      long shownAt = now - booking.ageMillis();
      labels.book(booking.task(), shownAt, 1, booking.sum());
      plain.add(new long[] {shownAt, booking.task(), booking.sum()});
      check(labels, plain, now);
      check(packedAndUnpacked(labels), plain, now);
    }
  }

  @Provide
  static ListArbitrary<Booking> bookings() {
    Arbitrary<Long> gaps =
        Arbitraries.oneOf(
            Arbitraries.of(0L, 1L, 499L, 500L, HOUR - 1, HOUR, DAY - 1, DAY, 7 * DAY, 31 * DAY),
            Arbitraries.longs().between(0, 3 * DAY));
    Arbitrary<Long> ages =
        Arbitraries.oneOf(
            Arbitraries.of(0L, HOUR, 23 * HOUR, DAY, 6 * DAY, 7 * DAY, 29 * DAY, 30 * DAY),
            Arbitraries.longs().between(0, 35 * DAY));
    return net.jqwik.api.Combinators.combine(
            gaps, ages, Arbitraries.of(0, 1), Arbitraries.integers().between(0, RollingLabels.ONE))
        .as(Booking::new)
        .list()
        .ofMaxSize(40);
  }

  @Test
  void corrections_bookWithoutCounting() {
    RollingLabels labels = new RollingLabels(1);
    labels.book(0, 0, 1, 0);
    labels.book(0, 0, 0, RollingLabels.ONE);
    for (Window window : Window.values()) {
      assertThat(labels.mean(0, window)).isEqualTo(1.0);
    }
  }

  @Test
  void forgettingDropsTilesThatBeganByThen() {
    RollingLabels labels = new RollingLabels(1);
    labels.book(0, 0, 1, 5);
    labels.book(0, 2 * DAY, 1, 7);
    labels.forgetUpTo(DAY);
    assertThat(labels.sum(0, Window.WEEK)).isEqualTo(7);
    assertThat(labels.count(0, Window.MONTH)).isEqualTo(1);
    labels.forgetUpTo(2 * DAY);
    assertThat(labels.holdsLabels()).isFalse();
    assertThat(labels.sum(0, Window.DAY)).isZero();
  }

  private static void check(RollingLabels labels, List<long[]> plain, long now) {
    for (int task = 0; task < 2; task++) {
      for (Window window : Window.values()) {
        long count = 0;
        long sum = 0;
        for (long[] label : plain) {
          boolean inside =
              switch (window) {
                case DAY -> Math.floorDiv(now, HOUR) - Math.floorDiv(label[0], HOUR) < 24;
                case WEEK -> Math.floorDiv(now, DAY) - Math.floorDiv(label[0], DAY) < 7;
                case MONTH -> Math.floorDiv(now, DAY) - Math.floorDiv(label[0], DAY) < 30;
              };
          if (inside && label[1] == task) {
            count++;
            sum += label[2];
          }
        }
        assertThat(labels.count(task, window)).as("%s", window).isEqualTo(count);
        assertThat(labels.sum(task, window)).as("%s", window).isEqualTo(sum);
      }
    }
  }

  private static RollingLabels packedAndUnpacked(RollingLabels labels) {
    ByteWriter out = new ByteWriter(16);
    labels.write(out);
    ByteReader in = new ByteReader();
    in.wrap(out.array(), 0, out.position());
    RollingLabels read = new RollingLabels(2);
    read.book(1, 12345, 3, 4); // what was there before goes
    read.read(in);
    in.end("rolling labels");
    return read;
  }
}

package io.tagstream.features.stay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.features.bytes.RecordFormatException;
import io.tagstream.features.stay.NaiveStays.Told;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.arbitraries.ListArbitrary;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StayQuantilesTest {

  private static final long DAY_MILLIS = 86_400_000;
  private static final long FIRST_HOUR = 472_222;
  private static final int HOURS = 8;

  /** Stays of some hours, many of them of one length. */
  private record World(List<Told> told, int bins, int historyHours, long seed) {}

  @Property(tries = 200, seed = "20260101")
  void anyShardingOrderAndRestartGivesTheEdgesOfSortedStays(@ForAll("worlds") World world) {
    NaiveStays naive = new NaiveStays(world.told());
    Random random = new Random(world.seed());
    StayEdges configured = new StayEdges(List.of(1L));
    for (int run = 0; run < 3; run++) {
      StayBinVersions versions = new StayBinVersions(configured);
      for (Map.Entry<Long, List<Long>> version : played(world, random).entrySet()) {
        versions.put(version.getKey(), version.getValue());
      }
      TreeMap<Long, List<Long>> held = new TreeMap<>();
      versions.forEach(held::put);
      for (long hour = FIRST_HOUR - 1; hour < FIRST_HOUR + 3 * HOURS; hour++) {
        Map.Entry<Long, List<Long>> version = held.floorEntry(hour);
        assertThat(version == null ? List.of() : version.getValue())
            .as("edges of hour %d", hour - FIRST_HOUR)
            .isEqualTo(naive.edges(hour, world.bins(), world.historyHours()));
        assertThat(versions.at(hour * 3_600_000L) == configured)
            .isEqualTo(naive.edges(hour, world.bins(), world.historyHours()).isEmpty());
      }
    }
  }

  @Property(tries = 500, seed = "20260102")
  void everyBinHoldsItsShareButForStaysThatAreEqual(
      @ForAll("stays") List<Long> stays, @ForAll @IntRange(min = 2, max = 12) int bins) {
    List<Long> edges = counts(stays).equalFrequencyEdges(bins);
    List<Long> sorted = stays.stream().map(NaiveStays::resolved).sorted().toList();
    assertThat(edges).isEqualTo(NaiveStays.edges(sorted, bins));
    if (sorted.get(0).equals(sorted.get(sorted.size() - 1))) {
      assertThat(edges).as("equal stays have no edge between them").isEmpty();
      return;
    }
    StayEdges parted = new StayEdges(edges);
    int[] held = new int[parted.bins()];
    stays.forEach(stay -> held[parted.bin(stay)]++);
    assertThat(held).doesNotContain(0);
    int mostEqual =
        sorted.stream().mapToInt(stay -> Collections.frequency(sorted, stay)).max().orElseThrow();
    if (parted.bins() == bins) {
      double share = stays.size() / (double) bins;
      assertThat(Arrays.stream(held).boxed())
          .allSatisfy(count -> assertThat(Math.abs(count - share)).isLessThanOrEqualTo(mostEqual));
    } else {
      assertThat(mostEqual).isGreaterThan(stays.size() / bins / 2);
    }
  }

  @Property(tries = 300, seed = "20260103")
  void labelsGrowWithTheStayFromZeroToOne(
      @ForAll("stays") List<Long> stays, @ForAll @IntRange(min = 2, max = 12) int bins) {
    List<Long> edges = counts(stays).equalFrequencyEdges(bins);
    if (edges.isEmpty()) {
      return;
    }
    StayEdges parted = new StayEdges(edges);
    List<Long> sorted = stays.stream().sorted().toList();
    float before = 0;
    for (long stay : sorted) {
      assertThat(parted.label(stay)).isBetween(before, 1f);
      before = parted.label(stay);
    }
    assertThat(parted.label(0)).as("as for no stay at all").isZero();
    assertThat(parted.label(sorted.get(0))).isZero();
    assertThat(before).isEqualTo(1f);
  }

  @Test
  void whatManyHaveInCommonTakesOneBinAndLeavesTheRestToTheOthers() {
    StayCounts counts = new StayCounts();
    LongStream.range(0, 600).forEach(i -> counts.count(0));
    LongStream.rangeClosed(1, 400).forEach(counts::count);
    assertThat(counts.equalFrequencyEdges(5)).containsExactly(1L, 201L);
    assertThat(new StayEdges(List.of(1L, 201L)).label(7)).isEqualTo(0.5f);
  }

  @Test
  void fewStaysOrEqualOnesLeaveTheConfiguredEdges() {
    RollingStays stays = new RollingStays(2, 24, Long.MIN_VALUE);
    Map<Long, List<Long>> edges = new HashMap<>();
    stays.completeTo(FIRST_HOUR, edges::put);
    assertThat(edges).as("without a stay").isEmpty();
    stays.add(FIRST_HOUR + 1, counts(LongStream.range(0, 19).boxed().toList()).toBytes());
    stays.add(FIRST_HOUR + 2, counts(List.of(5L)).toBytes());
    stays.completeTo(FIRST_HOUR + 2, edges::put);
    assertThat(edges).isEqualTo(Map.of(FIRST_HOUR + 3, List.of(), FIRST_HOUR + 4, List.of(9L)));
    RollingStays equal = new RollingStays(2, 24, Long.MIN_VALUE);
    equal.add(FIRST_HOUR, counts(Collections.nCopies(100, 7L)).toBytes());
    edges.clear();
    equal.completeTo(FIRST_HOUR, edges::put);
    assertThat(edges).isEqualTo(Map.of(FIRST_HOUR + 2, List.of()));
  }

  @Test
  void staysOfACompleteHourCountForLaterBins() {
    RollingStays stays = new RollingStays(2, 2, Long.MIN_VALUE);
    Map<Long, List<Long>> edges = new HashMap<>();
    stays.add(FIRST_HOUR, counts(Collections.nCopies(20, 1L)).toBytes());
    stays.completeTo(FIRST_HOUR, edges::put);
    stays.add(FIRST_HOUR, counts(Collections.nCopies(20, 9L)).toBytes());
    stays.add(FIRST_HOUR + 1, counts(List.of(5L)).toBytes());
    stays.completeTo(FIRST_HOUR + 1, edges::put);
    assertThat(edges).isEqualTo(Map.of(FIRST_HOUR + 2, List.of(), FIRST_HOUR + 3, List.of(5L)));
    stays.completeTo(FIRST_HOUR + 9, edges::put);
    assertThat(edges).containsEntry(FIRST_HOUR + 5, List.of()).doesNotContainKey(FIRST_HOUR + 6);
    stays.add(FIRST_HOUR, counts(List.of(5L)).toBytes());
    stays.forEach((hour, counts) -> assertThat(hour).as("left the history").isNull());
  }

  @Test
  void aStayIsToldApartToTheMillisecondAndThenToAThousandth() {
    StayCounts counts = counts(List.of(0L, 2_046L, 2_047L, 2_048L, 2_049L, 5 * DAY_MILLIS));
    assertThat(counts.total()).isEqualTo(6);
    assertThat(counts.equalFrequencyEdges(6))
        .containsExactly(2_046L, 2_047L, 2_048L, NaiveStays.resolved(DAY_MILLIS));
  }

  /** Changing it means: state and records under way of before are refused. */
  @Test
  void theBytesOfCountsAreThoseOfTheGoldenOnes() {
    byte[] bytes = counts(List.of(0L, 3L, 3L, 70_000L, 2 * DAY_MILLIS)).toBytes();
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(GOLDEN);
    assertThat(StayCounts.of(bytes).toBytes()).isEqualTo(bytes);
    StayCounts twice = StayCounts.of(bytes);
    twice.add(StayCounts.of(bytes));
    twice.subtract(StayCounts.of(bytes));
    assertThat(twice.toBytes()).isEqualTo(bytes);
  }

  @Test
  void bytesThatAreNoCountsAreRefused() {
    byte[] bytes = counts(List.of(3L)).toBytes();
    assertThatThrownBy(() -> StayCounts.of(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(RecordFormatException.class)
        .hasMessageContaining("1 of them left over");
    assertThatThrownBy(() -> StayCounts.of(Arrays.copyOf(bytes, 7)))
        .isInstanceOf(RecordFormatException.class)
        .hasMessageStartingWith("7 bytes that are no counts of stays");
    byte[] other = bytes.clone();
    other[0]++;
    assertThatThrownBy(() -> StayCounts.of(other)).isInstanceOf(RecordFormatException.class);
  }

  @Test
  void aVersionHoldsFromItsHourUntilTheNext() {
    long hour = 3_600_000;
    StayEdges configured = new StayEdges(List.of(1L));
    StayBinVersions versions = new StayBinVersions(configured);
    versions.put(5, List.of(10L));
    versions.put(7, List.of());
    versions.put(8, List.of(20L));
    assertThat(versions.at(5 * hour - 1)).isSameAs(configured);
    assertThat(versions.at(7 * hour - 1).bin(10)).isEqualTo(1);
    assertThat(versions.at(7 * hour)).isSameAs(configured);
    versions.put(7, List.of(15L)); // told again
    assertThat(versions.at(8 * hour - 1).bin(15)).isEqualTo(1);
    versions.forgetBefore(8 * hour - 1);
    List<Long> left = new ArrayList<>();
    versions.forEach((from, edges) -> left.add(from));
    assertThat(left).containsExactly(7L, 8L);
    assertThat(EventHour.lastComplete(3 * hour - 2)).isEqualTo(1);
    assertThat(EventHour.lastComplete(3 * hour - 1)).isEqualTo(2);
    assertThat(EventHour.of(-1)).isEqualTo(-1);
  }

  /** Shards in random order, the time in random steps, started anew now and then. */
  private static Map<Long, List<Long>> played(World world, Random random) {
    int shards = 1 + random.nextInt(4);
    List<Map<Long, StayCounts>> counted = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      counted.add(new HashMap<>());
    }
    List<Told> shuffled = new ArrayList<>(world.told());
    Collections.shuffle(shuffled, random);
    for (Told told : shuffled) {
      counted
          .get(random.nextInt(shards))
          .computeIfAbsent(told.hour(), hour -> new StayCounts())
          .count(told.stayMillis());
    }
    RollingStays stays = new RollingStays(world.bins(), world.historyHours(), Long.MIN_VALUE);
    TreeMap<Long, List<Long>> edges = new TreeMap<>();
    for (long hour = FIRST_HOUR; hour < FIRST_HOUR + 3 * HOURS; hour++) {
      Collections.shuffle(counted, random);
      for (Map<Long, StayCounts> shard : counted) {
        StayCounts counts = shard.get(hour);
        if (counts != null) {
          stays.add(hour, counts.toBytes());
        }
      }
      if (random.nextInt(3) > 0) {
        stays.completeTo(hour, edges::put);
      }
      if (random.nextInt(3) == 0) {
        RollingStays restored =
            new RollingStays(world.bins(), world.historyHours(), stays.lastComplete());
        stays.forEach(restored::add);
        stays = restored;
      }
    }
    stays.completeTo(FIRST_HOUR + 3 * HOURS, edges::put);
    return edges;
  }

  private static StayCounts counts(List<Long> stays) {
    StayCounts counts = new StayCounts();
    stays.forEach(counts::count);
    return counts;
  }

  @Provide
  static ListArbitrary<Long> stays() {
    return lengths().list().ofMinSize(1).ofMaxSize(200);
  }

  @Provide
  static Arbitrary<World> worlds() {
    Arbitrary<Told> told =
        Combinators.combine(Arbitraries.longs().between(0, HOURS - 1), lengths())
            .as((hour, stay) -> new Told(FIRST_HOUR + hour * hour % HOURS, stay));
    return Combinators.combine(
            told.list().ofMinSize(60).ofMaxSize(300),
            Arbitraries.integers().between(2, 5),
            Arbitraries.integers().between(1, 6),
            Arbitraries.longs())
        .as(World::new);
  }

  private static Arbitrary<Long> lengths() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(2, Arbitraries.of(0L, 1L, 5_000L, DAY_MILLIS, 3 * DAY_MILLIS)),
        net.jqwik.api.Tuple.of(2, Arbitraries.longs().between(0, 30)),
        net.jqwik.api.Tuple.of(4, Arbitraries.longs().between(0, 200_000)));
  }

  private static final String GOLDEN =
      "1c8493130000000a000000000000000300000000000000010000000005265c003ff0000000000000020304817102bfa30102";
}

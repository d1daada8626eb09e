package io.tagstream.features.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The closed forms against eq. (1) and (2) of CTMVM over all subsets, and Shapley's axioms. */
class ShapleyCreditTest {

  private static final int TAGS = 11;

  /** A clicked set, as bits over all tags, with its clicks. */
  record Clicked(int set, int clicks) {}

  /** A user's clicks and the item in question, its tags as bits. */
  record Game(List<Clicked> clicks, int item) {}

  @Property(tries = 400, seed = "20260101")
  void closedFormsEqualTheEnumerationOfAllSubsets(
      @ForAll("games") Game game, @ForAll CreditReading reading) {
    int[] tags = members(game.item());
    double[] values = values(game.clicks(), tags, reading, CreditScale.COUNT);
    for (int t = 0; t < tags.length; t++) {
      assertThat(values[t]).isCloseTo(enumerated(game, tags, t, reading), within(1e-9));
    }
  }

  @Property(tries = 200, seed = "20260102")
  void creditsSumToTheValueOfTheCoalition(
      @ForAll("games") Game game, @ForAll CreditReading reading) {
    int[] tags = members(game.item());
    double[] values = values(game.clicks(), tags, reading, CreditScale.COUNT);
    assertThat(IntStream.range(0, tags.length).mapToDouble(t -> values[t]).sum())
        .isCloseTo(worth(game.clicks(), game.item(), reading), within(1e-9));
  }

  @Property(tries = 200, seed = "20260103")
  void aTagNobodyClickedEarnsNothingWhereItAddsNothing(@ForAll("games") Game game) {
    int[] tags = members(game.item());
    int seen = game.clicks().stream().mapToInt(Clicked::set).reduce(0, (a, b) -> a | b);
    // EQUAL and CONTAINING are not monotone: a strange tag spoils a set there, and is no null
    // player.
    for (CreditReading reading : List.of(CreditReading.SUBSET, CreditReading.SHARING)) {
      double[] values = values(game.clicks(), tags, reading, CreditScale.COUNT);
      for (int t = 0; t < tags.length; t++) {
        if ((seen >> tags[t] & 1) == 0) {
          assertThat(values[t]).isZero();
        }
      }
    }
  }

  @Property(tries = 200, seed = "20260104")
  void tagsThatAreClickedAlikeEarnAlike(@ForAll("games") Game game, @ForAll CreditReading reading) {
    // Tag 0 and tag 1 made twins: wherever one is, the other is.
    List<Clicked> twins = new ArrayList<>();
    for (Clicked clicked : game.clicks()) {
      twins.add(new Clicked((clicked.set() & 1) != 0 ? clicked.set() | 2 : clicked.set() & ~2, 1));
    }
    int[] tags = members(game.item() | 3);
    double[] values = values(twins, tags, reading, CreditScale.COUNT);
    assertThat(values[0]).isCloseTo(values[1], within(1e-9));
  }

  @Property(tries = 200, seed = "20260105")
  void theCurrentClickItselfChangesNoWeight(
      @ForAll("games") Game game, @ForAll CreditReading reading) {
    int[] tags = members(game.item());
    List<Clicked> after = new ArrayList<>(game.clicks());
    after.add(new Clicked(game.item(), 1));
    float[] weights = weights(game.clicks(), tags, reading, CreditScale.COUNT);
    float[] weightsAfter = weights(after, tags, reading, CreditScale.COUNT);
    for (int t = 0; t < tags.length; t++) {
      assertThat(weightsAfter[t]).isCloseTo(weights[t], within(1e-5f));
    }
  }

  @Property(tries = 200, seed = "20260106")
  void weightsHaveMeanOneAndSharesDivideByClicks(
      @ForAll("games") Game game, @ForAll CreditReading reading, @ForAll CreditScale scale) {
    int[] tags = members(game.item());
    float[] weights = weights(game.clicks(), tags, reading, scale);
    double sum = 0;
    for (float weight : weights) {
      assertThat(weight).isBetween(0f, (float) tags.length);
      sum += weight;
    }
    assertThat(sum / tags.length).isCloseTo(1, within(1e-6));
    int clicks = game.clicks().stream().filter(c -> c.set() != 0).mapToInt(Clicked::clicks).sum();
    double[] counts = values(game.clicks(), tags, reading, CreditScale.COUNT).clone();
    double[] shares = values(game.clicks(), tags, reading, CreditScale.SHARE);
    for (int t = 0; t < tags.length; t++) {
      assertThat(shares[t] * Math.max(1, clicks)).isCloseTo(counts[t], within(1e-9));
    }
  }

  @Test
  void manyTagsAndLargeSymbolsMakeRoom() {
    int[] tags = IntStream.range(0, 40).map(t -> t * 50).toArray();
    float[] weights = new float[40];
    new ShapleyCredit(CreditReading.EQUAL, CreditScale.COUNT, 0.1)
        .weights(sets(List.of()), tags, 40, weights);
    assertThat(weights).containsOnly(1f);
  }

  @Provide
  static Arbitrary<Game> games() {
    Arbitrary<Integer> sets =
        Arbitraries.integers().between(0, (1 << TAGS) - 1).filter(s -> Integer.bitCount(s) <= 5);
    Arbitrary<Clicked> clicked =
        Combinators.combine(sets, Arbitraries.integers().between(1, 4)).as(Clicked::new);
    Arbitrary<Integer> items =
        Arbitraries.integers().between(1, (1 << TAGS) - 1).filter(s -> Integer.bitCount(s) <= 8);
    return Combinators.combine(clicked.list().ofMaxSize(12), items).as(Game::new);
  }

  private static double enumerated(Game game, int[] tags, int t, CreditReading reading) {
    int n = tags.length;
    double phi = 0;
    for (int s = 0; s < 1 << n; s++) {
      if ((s >> t & 1) == 0) {
        int without = 0;
        for (int i = 0; i < n; i++) {
          without |= (s >> i & 1) << tags[i];
        }
        int size = Integer.bitCount(s);
        double alpha = factorial(size) * factorial(n - size - 1) / factorial(n);
        phi +=
            alpha
                * (worth(game.clicks(), without | 1 << tags[t], reading)
                    - worth(game.clicks(), without, reading));
      }
    }
    return phi;
  }

  /** V(S): the clicks each reading counts. Clicks on items without tags count nowhere. */
  private static double worth(List<Clicked> clicks, int s, CreditReading reading) {
    double worth = 0;
    for (Clicked clicked : clicks) {
      int set = clicked.set();
      boolean counts =
          set != 0
              && switch (reading) {
                case EQUAL -> set == s;
                case SUBSET -> (set & ~s) == 0;
                case SHARING -> (set & s) != 0;
                case CONTAINING -> s != 0 && (s & ~set) == 0;
              };
      worth += counts ? clicked.clicks() : 0;
    }
    return worth;
  }

  private static double[] values(
      List<Clicked> clicks, int[] tags, CreditReading reading, CreditScale scale) {
    return new ShapleyCredit(reading, scale, 0.5).values(sets(clicks), tags, tags.length);
  }

  private static float[] weights(
      List<Clicked> clicks, int[] tags, CreditReading reading, CreditScale scale) {
    float[] weights = new float[tags.length];
    new ShapleyCredit(reading, scale, 0.5).weights(sets(clicks), tags, tags.length, weights);
    return weights;
  }

  private static int[] members(int set) {
    return IntStream.range(0, TAGS).filter(t -> (set >> t & 1) != 0).toArray();
  }

  private static double factorial(int n) {
    return n <= 1 ? 1 : n * factorial(n - 1);
  }

  private static TagSets sets(List<Clicked> clicks) {
    return new TagSets() {
      @Override
      public int size() {
        return clicks.size();
      }

      @Override
      public int clicks(int j) {
        return clicks.get(j).clicks();
      }

      @Override
      public int tagCount(int j) {
        return Integer.bitCount(clicks.get(j).set());
      }

      @Override
      public int tag(int j, int i) {
        return members(clicks.get(j).set())[i];
      }
    };
  }
}

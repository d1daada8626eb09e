package io.tagstream.learner.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.learner.DtnConfig.MemoNet;
import io.tagstream.learner.DtnConfig.Restoring;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CodebookAddressesTest {

  private static MemoNet sizes(int words, boolean codebookPerFunction) {
    return new MemoNet(2, words, 3, codebookPerFunction, Restoring.LMR, List.of());
  }

  private static FieldValues values(int fields, long... values) {
    return new FieldValues(fields, values);
  }

  @Test
  void aBagsValueKnowsNoOrder() {
    long[] ids = {5, 9, 5, 7, 9, 5, 7};
    assertThat(FieldValues.ofBag(ids, 0, 3))
        .isEqualTo(FieldValues.ofBag(new long[] {5, 5, 9}, 0, 3));
    assertThat(FieldValues.ofBag(ids, 0, 2)).isNotEqualTo(FieldValues.ofBag(ids, 0, 3));
    assertThat(FieldValues.ofBag(ids, 0, 1)).isNotEqualTo(FieldValues.ofBag(ids, 1, 2));
    // An empty bag is a value of its own, not that of the id 0.
    assertThat(FieldValues.ofBag(ids, 0, 0)).isEqualTo(FieldValues.ofBag(ids, 4, 4));
    assertThat(FieldValues.ofBag(ids, 0, 0)).isNotEqualTo(FieldValues.ofBag(new long[] {0}, 0, 1));
  }

  @Test
  void rowsHoldTheirUsersFieldsAndTheTag() {
    FieldValues rows = FieldValues.ofRows(TinyBatch.ROWS, TinyBatch.F);
    FieldValues users =
        FieldValues.ofUsers(TinyBatch.ROWS.fieldOffsets(), TinyBatch.ROWS.fieldIds(), TinyBatch.F);
    assertThat(rows.count()).isEqualTo(TinyBatch.rows());
    for (int r = 0; r < rows.count(); r++) {
      for (int f = 0; f < TinyBatch.F; f++) {
        assertThat(rows.at(r, f)).isEqualTo(users.at(TinyBatch.ROW_IMPRESSION[r], f));
      }
      long[] tag = {70 + TinyBatch.ROW_TAG[r]};
      assertThat(rows.at(r, TinyBatch.F)).isEqualTo(FieldValues.ofBag(tag, 0, 1));
    }
  }

  @Test
  void pairsHaveAKeyField() {
    FieldPairs pairs = new FieldPairs(4, Set.of(1));
    assertThat(pairs.count()).isEqualTo(3);
    assertThat(new int[] {pairs.first(0), pairs.first(1), pairs.first(2)}).containsExactly(0, 1, 1);
    assertThat(new int[] {pairs.second(0), pairs.second(1), pairs.second(2)})
        .containsExactly(1, 2, 3);
    assertThat(new FieldPairs(4, Set.of(0, 1, 2, 3)).count()).isEqualTo(6);
  }

  /** Words that move would make every trained codebook worthless. */
  @Test
  void addressesAreTheSameForEver() {
    assertThat(FieldValues.ofBag(new long[] {1, 2}, 0, 2)).isEqualTo(-3682480324016322933L);
    assertThat(FieldValues.ofBag(new long[0], 0, 0)).isEqualTo(776132256385263705L);
    CodebookAddresses addresses =
        new CodebookAddresses(new FieldPairs(3, Set.of(2)), sizes(4096, false));
    assertThat(addresses.of(values(3, 11, 22, 33)))
        .isDeepEqualTo(
            new int[][] {{1092, 980, 492, 2495, 3166, 2515}, {1357, 180, 3457, 1636, 2453, 2181}});
  }

  @Test
  void equalPairsHaveEqualWordsWhereverTheyStand() {
    FieldPairs pairs = new FieldPairs(3, Set.of(0, 2));
    CodebookAddresses addresses = new CodebookAddresses(pairs, sizes(1000, false));
    int[][] together = addresses.of(values(3, 1, 2, 3, 1, 2, 4, 1, 5, 4, 9, 5, 3, 1, 2, 3));
    long[][] rows = {{1, 2, 3}, {1, 2, 4}, {1, 5, 4}, {9, 5, 3}, {1, 2, 3}};
    for (int net = 0; net < 2; net++) {
      for (int r = 0; r < rows.length; r++) {
        int width = pairs.count() * 3;
        assertThat(Arrays.copyOfRange(together[net], r * width, (r + 1) * width))
            .isEqualTo(addresses.of(values(3, rows[r]))[net]);
      }
    }
    assertThat(together[0]).isNotEqualTo(together[1]);
  }

  @Test
  void fieldsAreTakenIntoAccountNotValuesAlone() {
    CodebookAddresses addresses =
        new CodebookAddresses(new FieldPairs(3, Set.of(2)), sizes(1 << 20, false));
    int[] words = addresses.of(values(3, 7, 7, 7))[0];
    assertThat(Arrays.copyOf(words, 3)).isNotEqualTo(Arrays.copyOfRange(words, 3, 6));
  }

  @Test
  void functionsShareACodebookOrHaveTheirOwn() {
    FieldPairs pairs = new FieldPairs(2, Set.of(1));
    CodebookAddresses shared = new CodebookAddresses(pairs, sizes(10, false));
    CodebookAddresses apart = new CodebookAddresses(pairs, sizes(10, true));
    assertThat(shared.codebookRows()).isEqualTo(10);
    assertThat(apart.codebookRows()).isEqualTo(30);
    int[] words = shared.of(values(2, 5, 6))[1];
    assertThat(apart.of(values(2, 5, 6))[1])
        .containsExactly(words[0], words[1] + 10, words[2] + 20);
  }

  /** 30,000 tokens over 100 words: each word's share within six standard deviations. */
  @Test
  void wordsAreUsedEvenly() {
    long[] values = new long[2 * 10_000];
    for (int n = 0; n < 10_000; n++) {
      values[2 * n] = n;
      values[2 * n + 1] = n % 7;
    }
    int[] used = new int[100];
    for (int word :
        new CodebookAddresses(new FieldPairs(2, Set.of(0)), sizes(100, false))
            .of(values(2, values))[0]) {
      used[word]++;
    }
    assertThat(Arrays.stream(used).min().orElseThrow()).isGreaterThan(300 - 104);
    assertThat(Arrays.stream(used).max().orElseThrow()).isLessThan(300 + 104);
  }
}

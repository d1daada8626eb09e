package io.tagstream.learner.model;

import io.tagstream.learner.DtnConfig;
import java.util.stream.IntStream;
import net.openhft.hashing.LongHashFunction;

/**
 * Multi-hash addressing of MemoNet: the token of a crossed feature, which is its two fields and
 * their values, is hashed by {@code m} functions to words of a codebook. Each memory has functions
 * of its own, so that what collides in one does not in the next.
 *
 * <p>Addresses are part of a checkpoint's meaning: the same token has the same words for ever.
 */
final class CodebookAddresses {

  private static final long SEED = 0x636f_6465_626f_6f6bL;
  private static final LongHashFunction TOKEN = LongHashFunction.xx3(SEED);

  private final FieldPairs pairs;
  private final DtnConfig.MemoNet sizes;
  private final LongHashFunction[] functions;

  CodebookAddresses(FieldPairs pairs, DtnConfig.MemoNet sizes) {
    this.pairs = pairs;
    this.sizes = sizes;
    this.functions =
        IntStream.range(0, sizes.nets() * sizes.functions())
            .mapToObj(f -> LongHashFunction.xx3(SEED + 1 + f))
            .toArray(LongHashFunction[]::new);
  }

  /** Rows of a codebook: the words, once or once per function. */
  int codebookRows() {
    return sizes.codebookPerFunction()
        ? Math.multiplyExact(sizes.words(), sizes.functions())
        : sizes.words();
  }

  /**
   * Addresses per memory.
   *
   * @return {@code [nets][N·P·m]}, rows of the memory's codebook
   */
  int[][] of(FieldValues values) {
    int m = sizes.functions();
    int[][] addresses = new int[sizes.nets()][values.count() * pairs.count() * m];
    long[] token = new long[3];
    for (int n = 0; n < values.count(); n++) {
      for (int pair = 0; pair < pairs.count(); pair++) {
        int at = (n * pairs.count() + pair) * m;
        // Rows of one user follow each other: what does not know the tag is hashed for the first.
        if (n > 0 && sameAsBefore(values, n, pair)) {
          for (int[] memory : addresses) {
            System.arraycopy(memory, at - pairs.count() * m, memory, at, m);
          }
        } else {
          token[0] = ((long) pairs.first(pair) << 32) | pairs.second(pair);
          token[1] = values.at(n, pairs.first(pair));
          token[2] = values.at(n, pairs.second(pair));
          address(TOKEN.hashLongs(token), addresses, at);
        }
      }
    }
    return addresses;
  }

  private boolean sameAsBefore(FieldValues values, int n, int pair) {
    int i = pairs.first(pair);
    int j = pairs.second(pair);
    return values.at(n, i) == values.at(n - 1, i) && values.at(n, j) == values.at(n - 1, j);
  }

  private void address(long token, int[][] addresses, int at) {
    int m = sizes.functions();
    for (int net = 0; net < addresses.length; net++) {
      for (int f = 0; f < m; f++) {
        long hash = functions[net * m + f].hashLong(token);
        int word = (int) Long.remainderUnsigned(hash, sizes.words());
        addresses[net][at + f] = sizes.codebookPerFunction() ? f * sizes.words() + word : word;
      }
    }
  }
}

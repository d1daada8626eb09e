package io.tagstream.learner.embedding;

import java.util.Arrays;

/**
 * One user field taken as a sequence: the first so many of its ids, each as a bag of its own, so
 * that rows, gradients and admission are those of all bags.
 *
 * @param fields number of user fields, {@code F}
 * @param field which of them, from 0
 * @param length places, {@code S}; ids behind them are left out
 */
public record FieldSequence(int fields, int field, int length) {

  /**
   * Loads {@code I·S} bags of at most one id behind those loaded, user after user.
   *
   * @param users {@code I}
   * @param fieldOffsets {@code [I·F + 1]}: where a field's bag begins
   * @param fieldIds ids of all bags
   */
  public void loadMore(FieldBags bags, int users, int[] fieldOffsets, long[] fieldIds) {
    int[] offsets = new int[users * length + 1];
    long[] ids = new long[users * length];
    int count = 0;
    for (int user = 0; user < users; user++) {
      int from = fieldOffsets[user * fields + field];
      int to = fieldOffsets[user * fields + field + 1];
      for (int place = 0; place < length; place++) {
        if (from + place < to) {
          ids[count++] = fieldIds[from + place];
        }
        offsets[user * length + place + 1] = count;
      }
    }
    bags.loadMore(users * length, offsets, Arrays.copyOf(ids, count));
  }
}

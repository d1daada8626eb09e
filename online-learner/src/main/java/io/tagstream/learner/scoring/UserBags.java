package io.tagstream.learner.scoring;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;

/** The fields of users who are scored at once: bags of feature ids, user after user. */
public final class UserBags {

  private final IntArrayList offsets = IntArrayList.of(0);
  private final LongArrayList ids = new LongArrayList();
  private int users;

  /**
   * Adds a user.
   *
   * @param lengths ids per field, {@code [F]}
   * @param ownIds feature ids, field after field
   */
  public void add(int[] lengths, long[] ownIds) {
    users++;
    for (int length : lengths) {
      offsets.add(offsets.getInt(offsets.size() - 1) + length);
    }
    ids.addElements(ids.size(), ownIds);
  }

  /** Scores them, in the order they were added. */
  public Candidates score(ProfileScorer scorer) {
    return scorer.score(users, offsets.toIntArray(), ids.toLongArray());
  }
}

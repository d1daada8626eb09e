package io.tagstream.learner.scoring;

/** The best tags of users, over the whole vocabulary. */
public interface ProfileScorer {

  /**
   * Scores users.
   *
   * @param users number of users {@code U}
   * @param fieldOffsets {@code [U·F + 1]}: bags of field ids as in {@code MicroBatch}
   * @param fieldIds feature ids of all bags
   */
  Candidates score(int users, int[] fieldOffsets, long[] fieldIds);
}

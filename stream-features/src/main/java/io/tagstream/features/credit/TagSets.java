package io.tagstream.features.credit;

/** The tag sets a user clicked, with counts. A set names each tag once. */
public interface TagSets {

  /** Number of sets. */
  int size();

  /** Clicks on set {@code j}. */
  int clicks(int j);

  /** Number of tags in set {@code j}; sets without tags earn nobody anything. */
  int tagCount(int j);

  /** Tag {@code i} of set {@code j}: a symbol, not negative. */
  int tag(int j, int i);
}

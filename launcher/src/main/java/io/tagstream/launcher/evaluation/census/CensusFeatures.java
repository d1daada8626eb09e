package io.tagstream.launcher.evaluation.census;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.Arrays;

/** Bags of feature ids of many people, one bag per feature, person after person. */
final class CensusFeatures {

  private static final int FIELDS = CensusColumns.FEATURES.size();

  private final IntArrayList offsets;
  private final LongArrayList ids;

  CensusFeatures(int people) {
    offsets = new IntArrayList(people * FIELDS + 1);
    ids = new LongArrayList(people * FIELDS);
    offsets.add(0);
  }

  /** Adds the next bag. */
  void add(long... bag) {
    ids.addElements(ids.size(), bag);
    offsets.add(ids.size());
  }

  /** Bag sizes of a person, {@code [F]}. */
  int[] lengths(int person) {
    int[] lengths = new int[FIELDS];
    for (int f = 0; f < FIELDS; f++) {
      int bag = person * FIELDS + f;
      lengths[f] = offsets.getInt(bag + 1) - offsets.getInt(bag);
    }
    return lengths;
  }

  /** Ids of a person. */
  long[] ids(int person) {
    return Arrays.copyOfRange(
        ids.elements(), offsets.getInt(person * FIELDS), offsets.getInt((person + 1) * FIELDS));
  }
}

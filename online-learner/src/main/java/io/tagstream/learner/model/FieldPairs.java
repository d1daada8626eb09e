package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Set;

/** The {@code P} unordered pairs of fields {@code i < j} with at least one key field. */
final class FieldPairs {

  private final int fields;
  private final int[] first;
  private final int[] second;

  /**
   * Pairs in order of their first field, then of their second.
   *
   * @param fields {@code n}
   * @param keys key fields, numbered from 0
   * @throws IllegalArgumentException when a key is no field, or there are fewer than two fields
   */
  FieldPairs(int fields, Set<Integer> keys) {
    IntArrayList firsts = new IntArrayList();
    IntArrayList seconds = new IntArrayList();
    for (int i = 0; i < fields; i++) {
      for (int j = i + 1; j < fields; j++) {
        if (keys.contains(i) || keys.contains(j)) {
          firsts.add(i);
          seconds.add(j);
        }
      }
    }
    if (firsts.isEmpty() || keys.stream().anyMatch(key -> key >= fields)) {
      throw new IllegalArgumentException(
          "model.dtn.key-fields: %s - must be among the %d fields, of which there must be two"
              .formatted(keys, fields));
    }
    this.fields = fields;
    this.first = firsts.toIntArray();
    this.second = seconds.toIntArray();
  }

  /** {@code n}. */
  int fields() {
    return fields;
  }

  /** {@code P}. */
  int count() {
    return first.length;
  }

  int first(int pair) {
    return first[pair];
  }

  int second(int pair) {
    return second[pair];
  }

  /** The pairs' first fields as ones in {@code [P, n]}. */
  NDArray firsts(Weights w) {
    return ones(w, first);
  }

  /** The pairs' second fields as ones in {@code [P, n]}. */
  NDArray seconds(Weights w) {
    return ones(w, second);
  }

  private NDArray ones(Weights w, int[] columns) {
    float[] values = new float[columns.length * fields];
    for (int pair = 0; pair < columns.length; pair++) {
      values[pair * fields + columns[pair]] = 1;
    }
    return w.input(values, values.length, false, columns.length, fields);
  }
}

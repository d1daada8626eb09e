package io.tagstream.learner.model;

import net.openhft.hashing.LongHashFunction;

/**
 * What the fields of {@code N} instances hold, as one 64-bit value each: equal bags have equal
 * values, whatever the order of their ids. A bag without ids has a value as well.
 *
 * @param fields {@code n}
 * @param values {@code [N, n]}
 */
@SuppressWarnings("ArrayRecordComponent") // read in a loop; never compared
record FieldValues(int fields, long[] values) {

  private static final LongHashFunction HASH = LongHashFunction.xx3(0x6669_656c_6476_616cL);

  /** {@code N}. */
  int count() {
    return values.length / fields;
  }

  long at(int instance, int field) {
    return values[instance * fields + field];
  }

  /** The fields of users alone, {@code [I, F]}. */
  static FieldValues ofUsers(int[] fieldOffsets, long[] fieldIds, int userFields) {
    long[] values = new long[fieldOffsets.length - 1];
    for (int bag = 0; bag < values.length; bag++) {
      values[bag] = ofBag(fieldIds, fieldOffsets[bag], fieldOffsets[bag + 1]);
    }
    return new FieldValues(userFields, values);
  }

  /** Rows of {@code F} user fields and the tag, {@code [R, F + 1]}. */
  static FieldValues ofRows(RowFeatures rows, int userFields) {
    long[] users = ofUsers(rows.fieldOffsets(), rows.fieldIds(), userFields).values();
    long[] tags = new long[rows.tagIds().length];
    for (int d = 0; d < tags.length; d++) {
      tags[d] = ofBag(rows.tagIds(), d, d + 1);
    }
    int fields = userFields + 1;
    long[] values = new long[rows.count() * fields];
    for (int r = 0; r < rows.count(); r++) {
      int user = rows.impression()[r] * userFields;
      System.arraycopy(users, user, values, r * fields, userFields);
      values[r * fields + userFields] = tags[rows.tag()[r]];
    }
    return new FieldValues(fields, values);
  }

  /** The value of the ids {@code from .. to}: a sum of their hashes knows no order. */
  static long ofBag(long[] ids, int from, int to) {
    long sum = 0;
    for (int n = from; n < to; n++) {
      sum += HASH.hashLong(ids[n]);
    }
    return HASH.hashLong(sum);
  }
}

package io.tagstream.subscriber;

import org.jspecify.annotations.Nullable;

/** What a record is to what is known of its user. */
enum ProfileVerdict {
  /** Something is different from now on. */
  CHANGE,
  /** Says again what is known, perhaps with a newer version. */
  REPEAT,
  /** Older than what is known, or the very same record again. */
  STALE;

  /**
   * What tells one profile of a user from another.
   *
   * @param version never goes back for a user
   * @param contentDigest equal digests are equal contents
   */
  record Mark(long version, long contentDigest) {}

  /**
   * The verdict.
   *
   * @param known the kept profile; null when there is none
   * @param incoming the record's profile; null for a tombstone, which has no version and is
   *     therefore never stale
   */
  static ProfileVerdict of(@Nullable Mark known, @Nullable Mark incoming) {
    if (incoming == null) {
      return known == null ? REPEAT : CHANGE;
    }
    if (known == null) {
      return CHANGE;
    }
    if (incoming.version <= known.version) {
      return STALE;
    }
    return incoming.contentDigest == known.contentDigest ? REPEAT : CHANGE;
  }
}

package io.tagstream.learner.assembly;

import net.openhft.hashing.LongHashFunction;

/** 64-bit hashes that stand for user and impression ids in the learner's state; stable for ever. */
public final class Hashes {

  private static final LongHashFunction HASH = LongHashFunction.xx3(0x6c65_6172_6e65_7221L);

  private Hashes() {}

  /** The hash of an id. */
  public static long of(String id) {
    return HASH.hashChars(id);
  }
}

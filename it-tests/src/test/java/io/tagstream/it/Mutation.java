package io.tagstream.it;

import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.DeadLetterReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * A way to spoil a good record.
 *
 * @param name for counts
 */
record Mutation(String name, Change change) {

  /** Makes another record of a good one; null where it does not apply. */
  @FunctionalInterface
  interface Change {
    @Nullable Spoilt of(WorldEvent good, Random random) throws IOException;
  }

  /** A spoilt record. */
  static final class Spoilt {
    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final Set<DeadLetterReason> reasons;
    private final @Nullable SpecificRecordBase record;

    /**
     * A spoilt record.
     *
     * @param reasons one of which its dead letter has to give; empty when it is still good
     * @param record what it says when it is still good
     */
    Spoilt(
        byte @Nullable [] key,
        byte @Nullable [] value,
        Set<DeadLetterReason> reasons,
        @Nullable SpecificRecordBase record) {
      this.key = key;
      this.value = value;
      this.reasons = reasons;
      this.record = record;
    }

    /** Refused for one reason, under the key of the good one. */
    static Spoilt of(WorldEvent good, byte @Nullable [] value, DeadLetterReason reason) {
      return new Spoilt(bytes(good.key()), value, Set.of(reason), null);
    }

    byte @Nullable [] key() {
      return key;
    }

    byte @Nullable [] value() {
      return value;
    }

    Set<DeadLetterReason> reasons() {
      return reasons;
    }

    @Nullable SpecificRecordBase record() {
      return record;
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

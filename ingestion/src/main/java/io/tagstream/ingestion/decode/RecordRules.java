package io.tagstream.ingestion.decode;

import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Item;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserDeletion;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** Every rule a readable record must keep, whatever its format; the first one broken is named. */
final class RecordRules implements Serializable {

  private final Set<String> entities;
  private final Set<String> conversionTypes;
  private final long maxClockSkewMillis;

  RecordRules(IngestionConfig config) {
    this.entities = config.entities();
    this.conversionTypes = config.conversionTypes();
    this.maxClockSkewMillis = config.maxClockSkew().toMillis();
  }

  /** The first rule that the record breaks; null when it keeps them all. */
  @Nullable Violation check(
      SpecificRecordBase record, byte @Nullable [] key, long appendTimeMillis) {
    if (record instanceof Impression impression) {
      return first(
          id("userId", impression.getUserId()),
          id("impressionId", impression.getImpressionId()),
          id("itemId", impression.getItemId()),
          time(impression.getEventTimeMillis(), appendTimeMillis),
          entity(impression.getEntity()),
          key("userId", impression.getUserId(), key));
    }
    if (record instanceof Click click) {
      return engagement(
          click.getUserId(),
          click.getImpressionId(),
          click.getEventTimeMillis(),
          null,
          appendTimeMillis,
          key);
    }
    if (record instanceof Stay stay) {
      return engagement(
          stay.getUserId(),
          stay.getImpressionId(),
          stay.getEventTimeMillis(),
          length(stay),
          appendTimeMillis,
          key);
    }
    if (record instanceof Conversion conversion) {
      return engagement(
          conversion.getUserId(),
          conversion.getImpressionId(),
          conversion.getEventTimeMillis(),
          first(worth(conversion), type(conversion)),
          appendTimeMillis,
          key);
    }
    if (record instanceof Item item) {
      return first(
          id("itemId", item.getItemId()),
          time(item.getEventTimeMillis(), appendTimeMillis),
          entity(item.getEntity()),
          key("itemId", item.getItemId(), key));
    }
    if (record instanceof User user) {
      return about(user.getUserId(), user.getEventTimeMillis(), appendTimeMillis, key);
    }
    if (record instanceof UserDeletion deletion) {
      return about(deletion.getUserId(), deletion.getEventTimeMillis(), appendTimeMillis, key);
    }
    // Reached only when a topic is added and its rules are not: a mistake here, not in the data.
    throw new IllegalStateException("no rules for " + record.getSchema().getName());
  }

  private @Nullable Violation engagement(
      String userId,
      String impressionId,
      long eventTimeMillis,
      @Nullable Violation ofItsKind,
      long appendTimeMillis,
      byte @Nullable [] key) {
    return first(
        id("userId", userId),
        id("impressionId", impressionId),
        time(eventTimeMillis, appendTimeMillis),
        ofItsKind,
        key("userId", userId, key));
  }

  private @Nullable Violation about(
      String userId, long eventTimeMillis, long appendTimeMillis, byte @Nullable [] key) {
    return first(
        id("userId", userId), time(eventTimeMillis, appendTimeMillis), key("userId", userId, key));
  }

  private static @Nullable Violation id(String field, String value) {
    return value.isBlank()
        ? Violation.of(
            DeadLetterReason.MISSING_ID, field, '"' + value + '"', "must not be empty or blank")
        : null;
  }

  private @Nullable Violation time(long eventTimeMillis, long appendTimeMillis) {
    if (eventTimeMillis <= 0) {
      return Violation.of(
          DeadLetterReason.INVALID_EVENT_TIME,
          "eventTimeMillis",
          eventTimeMillis,
          "must be positive, in milliseconds since the epoch");
    }
    // Subtracting cannot overflow: the event time is positive, the skew is not negative.
    return eventTimeMillis - maxClockSkewMillis > appendTimeMillis
        ? Violation.of(
            DeadLetterReason.EVENT_TIME_IN_FUTURE,
            "eventTimeMillis",
            eventTimeMillis,
            "must not be later than the append time "
                + appendTimeMillis
                + " by more than ingestion.max-clock-skew, "
                + maxClockSkewMillis
                + " ms")
        : null;
  }

  private @Nullable Violation entity(String entity) {
    return entities.contains(entity)
        ? null
        : Violation.of(
            DeadLetterReason.UNKNOWN_ENTITY,
            "entity",
            '"' + entity + '"',
            "is not one of the configured entities " + new TreeSet<>(entities));
  }

  private static @Nullable Violation length(Stay stay) {
    return stay.getStayMillis() < 0
        ? Violation.of(
            DeadLetterReason.NEGATIVE_STAY,
            "stayMillis",
            stay.getStayMillis(),
            "must not be negative")
        : null;
  }

  private static @Nullable Violation worth(Conversion conversion) {
    return Double.isFinite(conversion.getValue())
        ? null
        : Violation.of(
            DeadLetterReason.INVALID_VALUE,
            "value",
            conversion.getValue(),
            "must be a finite number");
  }

  private @Nullable Violation type(Conversion conversion) {
    return conversionTypes.contains(conversion.getConversionType())
        ? null
        : Violation.of(
            DeadLetterReason.UNKNOWN_CONVERSION_TYPE,
            "conversionType",
            '"' + conversion.getConversionType() + '"',
            "no task names it; tasks name " + new TreeSet<>(conversionTypes));
  }

  /** A record without a key contradicts nothing: everything is keyed by the payload. */
  private static @Nullable Violation key(String field, String id, byte @Nullable [] key) {
    return key == null || Arrays.equals(key, id.getBytes(StandardCharsets.UTF_8))
        ? null
        : Violation.of(
            DeadLetterReason.KEY_MISMATCH,
            "key",
            '"' + new String(key, StandardCharsets.UTF_8) + '"',
            "must be the payload's " + field + ", \"" + id + '"');
  }

  private static @Nullable Violation first(@Nullable Violation... violations) {
    for (Violation violation : violations) {
      if (violation != null) {
        return violation;
      }
    }
    return null;
  }
}

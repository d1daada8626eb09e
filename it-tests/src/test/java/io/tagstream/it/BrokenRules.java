package io.tagstream.it;

import static io.tagstream.schemas.DeadLetterReason.EVENT_TIME_IN_FUTURE;
import static io.tagstream.schemas.DeadLetterReason.INVALID_EVENT_TIME;
import static io.tagstream.schemas.DeadLetterReason.INVALID_VALUE;
import static io.tagstream.schemas.DeadLetterReason.KEY_MISMATCH;
import static io.tagstream.schemas.DeadLetterReason.MISSING_ID;
import static io.tagstream.schemas.DeadLetterReason.NEGATIVE_STAY;
import static io.tagstream.schemas.DeadLetterReason.UNKNOWN_CONVERSION_TYPE;
import static io.tagstream.schemas.DeadLetterReason.UNKNOWN_ENTITY;
import static io.tagstream.schemas.DeadLetterReason.UNREADABLE;

import io.tagstream.it.Mutation.Spoilt;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.DeadLetterReason;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Records that can be read and break a rule, in any format; and the rules once more, written from
 * the words of the documentation.
 */
final class BrokenRules {

  /** Longer than the record may wait for the broker. */
  private static final long SURELY_FUTURE = Duration.ofHours(1).toMillis();

  private static final int HUGE = 1_048_450;
  private static final int HUGE_ONE_IN = 400;

  private final Wire wire;
  private int hugeAsked;

  BrokenRules(Wire wire) {
    this.wire = wire;
  }

  List<Mutation> all() {
    return List.of(
        new Mutation("blank id", this::blankId),
        new Mutation("no time", this::noTime),
        new Mutation("future", this::future),
        new Mutation("unknown entity", this::unknownEntity),
        new Mutation("unknown conversion", this::unknownConversion),
        new Mutation("negative stay", this::negativeStay),
        new Mutation("infinite value", this::infiniteValue),
        new Mutation("another's key", this::anothersKey),
        new Mutation("null", (good, random) -> Spoilt.of(good, null, UNREADABLE)),
        new Mutation("huge garbage", this::hugeGarbage));
  }

  /** Every rule that a record breaks; the product names the first of them. */
  static Set<DeadLetterReason> brokenBy(IndexedRecord record, String key) {
    Set<DeadLetterReason> broken = EnumSet.noneOf(DeadLetterReason.class);
    for (Schema.Field field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      String name = field.name();
      if (name.endsWith("Id") && value.toString().isBlank()) {
        broken.add(MISSING_ID);
      } else if (name.equals("eventTimeMillis") && (long) value <= 0) {
        broken.add(INVALID_EVENT_TIME);
      } else if (name.equals("eventTimeMillis") && (long) value > surelyFuture()) {
        broken.add(EVENT_TIME_IN_FUTURE);
      } else if (name.equals("entity") && !value.toString().equals("item")) {
        broken.add(UNKNOWN_ENTITY);
      } else if (name.equals("stayMillis") && (long) value < 0) {
        broken.add(NEGATIVE_STAY);
      } else if (name.equals("value") && !Double.isFinite((double) value)) {
        broken.add(INVALID_VALUE);
      } else if (name.equals("conversionType")
          && !Set.of("purchase", "subscribe").contains(value.toString())) {
        broken.add(UNKNOWN_CONVERSION_TYPE);
      }
    }
    if (!record.get(0).toString().equals(key)) { // the first field is whose record it is
      broken.add(KEY_MISMATCH);
    }
    return broken;
  }

  static long surelyFuture() {
    return System.currentTimeMillis() + SURELY_FUTURE;
  }

  /** A copy with another value in a field. */
  static SpecificRecordBase with(SpecificRecordBase record, String field, @Nullable Object value) {
    SpecificRecordBase copy = SpecificData.get().deepCopy(record.getSchema(), record);
    copy.put(record.getSchema().getField(field).pos(), value);
    return copy;
  }

  private @Nullable Spoilt spoilt(
      WorldEvent good, String field, Object value, DeadLetterReason reason, Random random) {
    return good.record().getSchema().getField(field) == null
        ? null
        : Spoilt.of(
            good, wire.encode(good.topic(), with(good.record(), field, value), random), reason);
  }

  private @Nullable Spoilt blankId(WorldEvent good, Random random) {
    List<String> ids =
        good.record().getSchema().getFields().stream()
            .map(Schema.Field::name)
            .filter(name -> name.endsWith("Id"))
            .toList();
    String blank = random.nextBoolean() ? "" : " \t ";
    return spoilt(good, ids.get(random.nextInt(ids.size())), blank, MISSING_ID, random);
  }

  private @Nullable Spoilt noTime(WorldEvent good, Random random) {
    long time = random.nextBoolean() ? 0 : -1 - random.nextInt(Integer.MAX_VALUE);
    return spoilt(good, "eventTimeMillis", time, INVALID_EVENT_TIME, random);
  }

  private @Nullable Spoilt future(WorldEvent good, Random random) {
    long time = surelyFuture() + 1L + 1_000L * random.nextInt(Integer.MAX_VALUE);
    return spoilt(good, "eventTimeMillis", time, EVENT_TIME_IN_FUTURE, random);
  }

  private @Nullable Spoilt unknownEntity(WorldEvent good, Random random) {
    return spoilt(good, "entity", random.nextBoolean() ? "ad" : "", UNKNOWN_ENTITY, random);
  }

  private @Nullable Spoilt unknownConversion(WorldEvent good, Random random) {
    return spoilt(good, "conversionType", "gift", UNKNOWN_CONVERSION_TYPE, random);
  }

  private @Nullable Spoilt negativeStay(WorldEvent good, Random random) {
    return spoilt(
        good, "stayMillis", -1L - random.nextInt(Integer.MAX_VALUE), NEGATIVE_STAY, random);
  }

  private @Nullable Spoilt infiniteValue(WorldEvent good, Random random) {
    return spoilt(good, "value", Double.POSITIVE_INFINITY, INVALID_VALUE, random);
  }

  private Spoilt anothersKey(WorldEvent good, Random random) {
    byte[] value = wire.encode(good.topic(), good.record(), random);
    return new Spoilt(Mutation.bytes("not " + good.key()), value, Set.of(KEY_MISMATCH), null);
  }

  /** As large as a producer's and a broker's defaults let pass. Seldom: it takes its place. */
  private @Nullable Spoilt hugeGarbage(WorldEvent good, Random random) {
    if (hugeAsked++ % HUGE_ONE_IN != 0) {
      return null;
    }
    byte[] value = new byte[HUGE];
    random.nextBytes(value);
    value[0] = 'x'; // of no format
    return Spoilt.of(good, value, UNREADABLE);
  }
}

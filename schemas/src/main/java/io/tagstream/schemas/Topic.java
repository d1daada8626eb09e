package io.tagstream.schemas;

import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Every topic Tagstream reads or writes: its name, its record, what its key is, how the broker
 * should keep it.
 */
public enum Topic {
  IMPRESSIONS("impressions", Impression.class, Key.USER, Direction.IN, false),
  CLICKS("clicks", Click.class, Key.USER, Direction.IN, false),
  STAYS("stays", Stay.class, Key.USER, Direction.IN, false),
  CONVERSIONS("conversions", Conversion.class, Key.USER, Direction.IN, false),
  ITEMS("items", Item.class, Key.ITEM, Direction.IN, true),
  USERS("users", User.class, Key.USER, Direction.IN, true),
  USER_DELETIONS("user-deletions", UserDeletion.class, Key.USER, Direction.IN, false),
  MODEL_PROMOTIONS("model-promotions", ModelPromotion.class, Key.MODEL, Direction.COMMAND, false),
  TRAINING_SAMPLES("training-samples", TrainingSample.class, Key.USER, Direction.OUT, false),
  SCORE_REQUESTS("score-requests", ScoreRequest.class, Key.USER, Direction.OUT, false),
  USER_TAG_PROFILES("user-tag-profiles", UserTagProfile.class, Key.USER, Direction.OUT, true),
  USER_TAG_CHANGES("user-tag-changes", UserTagChange.class, Key.USER, Direction.OUT, false),
  MODEL_SNAPSHOTS("model-snapshots", ModelSnapshot.class, Key.MODEL, Direction.OUT, false),
  MODEL_METRICS("model-metrics", ModelMetrics.class, Key.MODEL, Direction.OUT, false),
  DEAD_LETTERS("dead-letters", DeadLetter.class, Key.RECORD, Direction.OUT, false),
  QUARANTINED_SAMPLES(
      "quarantined-samples", QuarantinedSample.class, Key.USER, Direction.OUT, false);

  /** What a topic's key holds, as UTF-8 text. */
  public enum Key {
    USER,
    ITEM,
    MODEL,
    /** The key of the record that was refused, untouched. */
    RECORD
  }

  /** What Tagstream does with the topic. */
  public enum Direction {
    /** It reads what is to be learnt from. */
    IN,
    /** It writes. */
    OUT,
    /** It writes when somebody gives a command, and the running job reads and obeys. */
    COMMAND
  }

  private final String defaultName;
  private final Class<? extends SpecificRecordBase> recordClass;
  private final Key key;
  private final Direction direction;
  private final boolean compacted;

  Topic(
      String defaultName,
      Class<? extends SpecificRecordBase> recordClass,
      Key key,
      Direction direction,
      boolean compacted) {
    this.defaultName = defaultName;
    this.recordClass = recordClass;
    this.key = key;
    this.direction = direction;
    this.compacted = compacted;
  }

  /** The topic's name unless configured otherwise. */
  public String defaultName() {
    return defaultName;
  }

  /** The canonical Avro schema of the topic's values. */
  public Schema schema() {
    return SpecificData.get().getSchema(recordClass);
  }

  /** The generated class of the topic's values. */
  public Class<? extends SpecificRecordBase> recordClass() {
    return recordClass;
  }

  /** What the topic's key holds. */
  public Key key() {
    return key;
  }

  /** What Tagstream does with it. */
  public Direction direction() {
    return direction;
  }

  /** Whether only the newest record per key needs to be kept. */
  public boolean compacted() {
    return compacted;
  }

  /**
   * Whether its records are events, whose time moves the watermark. All others that are read say
   * something about users and items, whenever they come.
   */
  public boolean event() {
    return this == IMPRESSIONS || this == CLICKS || this == STAYS || this == CONVERSIONS;
  }

  /** The topics Tagstream learns from, in declaration order. */
  public static List<Topic> inputs() {
    return Arrays.stream(values()).filter(t -> t.direction == Direction.IN).toList();
  }
}

package io.tagstream.learner.stage;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What the learner keeps of one user: the Beta stages, the pseudo-labels that the medians know of
 * this user, and the user fields seen last, from which a user can be scored again without an event.
 *
 * <p>Layout 2, big-endian:
 *
 * <pre>
 * version      byte    2
 * tasks        byte    K
 * per task             α, β, c (doubles), newest counted label (long, event time millis),
 *                      pseudo-label (float, NaN: none)
 * seenAt       long    event time of the fields, millis; 0: none
 * scoredAt     long    event time of the last scoring, millis; 0: never
 * sweepAt      long    event time of the timer that looks at the user again, millis; 0: none
 * schema       long    feature schema version of the fields
 * fields       short   F
 * per field    short   ids in its bag
 * ids          longs   field after field
 * </pre>
 */
public final class UserRecord {

  private static final byte VERSION = 2;
  private static final int HEADER_BYTES = 2;
  private static final int TASK_BYTES = 3 * Double.BYTES + Long.BYTES + Float.BYTES;

  private final UserStages stages;
  private final float[] pseudoLabels;
  private long seenAtMillis;
  private long scoredAtMillis;
  private long sweepAtMillis;
  private long schemaVersion;
  private int[] lengths = new int[0];
  private long[] ids = new long[0];

  /** A user never seen. */
  public UserRecord(int tasks) {
    this.stages = new UserStages(tasks);
    this.pseudoLabels = new float[tasks];
    Arrays.fill(pseudoLabels, Float.NaN);
  }

  /** The user's Beta stages; changes to them are changes of this record. */
  public UserStages stages() {
    return stages;
  }

  /** The pseudo-label the medians know of this user; NaN for none. */
  public float pseudoLabel(int task) {
    return pseudoLabels[task];
  }

  /** Says what the medians know of this user. */
  public void pseudoLabel(int task, float value) {
    pseudoLabels[task] = value;
  }

  /** Event time of the fields seen last, milliseconds since the epoch; 0 when there are none. */
  public long seenAtMillis() {
    return seenAtMillis;
  }

  /** Event time of the last scoring, milliseconds since the epoch; 0 when there was none. */
  public long scoredAtMillis() {
    return scoredAtMillis;
  }

  /** Notes a scoring. */
  public void scored(long atMillis) {
    scoredAtMillis = Math.max(scoredAtMillis, atMillis);
  }

  /** When a timer looks at the user again, event time in milliseconds; 0 when none is set. */
  public long sweepAtMillis() {
    return sweepAtMillis;
  }

  /** Notes which timer is set. */
  public void sweepAt(long millis) {
    sweepAtMillis = millis;
  }

  /** Feature schema the fields were computed with. */
  public long schemaVersion() {
    return schemaVersion;
  }

  /** {@code [F]} ids per field. */
  public int[] lengths() {
    return lengths.clone();
  }

  /** The fields' ids, field after field. */
  public long[] ids() {
    return ids.clone();
  }

  /**
   * Keeps these fields unless newer ones are known.
   *
   * @throws IllegalArgumentException when a bag holds more than 65,535 ids
   */
  public void seen(long atMillis, long schema, int[] fieldLengths, long[] fieldIds) {
    if (atMillis < seenAtMillis) {
      return;
    }
    for (int length : fieldLengths) {
      if (length < 0 || length > 0xFFFF) {
        throw new IllegalArgumentException(
            "user fields: bag of " + length + " ids - at most 65535 can be kept");
      }
    }
    seenAtMillis = atMillis;
    schemaVersion = schema;
    lengths = fieldLengths.clone();
    ids = fieldIds.clone();
  }

  /** The packed record. */
  public byte[] toBytes() {
    int tasks = stages.tasks();
    ByteBuffer buffer =
        ByteBuffer.allocate(
            HEADER_BYTES
                + tasks * TASK_BYTES
                + 4 * Long.BYTES
                + (1 + lengths.length) * Short.BYTES
                + ids.length * Long.BYTES);
    buffer.put(VERSION).put((byte) tasks);
    for (int k = 0; k < tasks; k++) {
      buffer
          .putDouble(stages.alpha(k))
          .putDouble(stages.beta(k))
          .putDouble(stages.count(k))
          .putLong(stages.lastCountedMillis(k))
          .putFloat(pseudoLabels[k]);
    }
    buffer
        .putLong(seenAtMillis)
        .putLong(scoredAtMillis)
        .putLong(sweepAtMillis)
        .putLong(schemaVersion)
        .putShort((short) lengths.length);
    for (int length : lengths) {
      buffer.putShort((short) length);
    }
    for (long id : ids) {
      buffer.putLong(id);
    }
    return buffer.array();
  }

  /**
   * The record in these bytes.
   *
   * @param bytes what {@link #toBytes} wrote
   * @param tasks number of configured tasks
   * @throws IllegalArgumentException when version, task count or length do not fit
   */
  public static UserRecord fromBytes(byte[] bytes, int tasks) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      byte version = buffer.get();
      byte stored = buffer.get();
      if (version != VERSION || stored != tasks) {
        throw new IllegalArgumentException(
            String.format(
                "user record: version %d with %d tasks - this release reads version %d with the %d"
                    + " configured tasks",
                version, stored, VERSION, tasks));
      }
      UserRecord record = new UserRecord(tasks);
      record.read(buffer);
      if (buffer.hasRemaining()) {
        throw new IllegalArgumentException(
            "user record: " + buffer.remaining() + " bytes left over behind the whole of it");
      }
      return record;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("user record: cut off at " + bytes.length, e);
    }
  }

  private void read(ByteBuffer buffer) {
    for (int k = 0; k < stages.tasks(); k++) {
      stages.restore(
          k, buffer.getDouble(), buffer.getDouble(), buffer.getDouble(), buffer.getLong());
      pseudoLabels[k] = buffer.getFloat();
    }
    seenAtMillis = buffer.getLong();
    scoredAtMillis = buffer.getLong();
    sweepAtMillis = buffer.getLong();
    schemaVersion = buffer.getLong();
    lengths = new int[Short.toUnsignedInt(buffer.getShort())];
    int total = 0;
    for (int f = 0; f < lengths.length; f++) {
      lengths[f] = Short.toUnsignedInt(buffer.getShort());
      total += lengths[f];
    }
    if (total > buffer.remaining() / Long.BYTES) {
      throw new BufferUnderflowException();
    }
    ids = new long[total];
    for (int i = 0; i < total; i++) {
      ids[i] = buffer.getLong();
    }
  }
}

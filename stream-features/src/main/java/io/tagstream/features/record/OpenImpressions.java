package io.tagstream.features.record;

import io.tagstream.features.bytes.ByteReader;
import io.tagstream.features.bytes.ByteWriter;
import io.tagstream.features.bytes.RecordFormatException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The open impressions of one user as they lie packed in the record. What is due, when and for whom
 * is read from their heads; each is unpacked by itself, and packed anew behind the others when it
 * was changed. In no order, and a place holds until the next {@link #remove}.
 */
public final class OpenImpressions {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final byte[] NOWHERE = new byte[0];

  private final IdTable ids;

  /** Impressions packed anew since the record was opened. */
  private ByteWriter repacked = new ByteWriter(4096);

  private int count;
  private byte[][] homes = new byte[16][];
  private int[] offsets = new int[16];
  private int[] lengths = new int[16];

  /**
   * No impressions.
   *
   * @param ids what their symbols stand for
   */
  OpenImpressions(IdTable ids) {
    this.ids = ids;
  }

  /** Becomes empty, and gives up what was packed anew. */
  void reset() {
    repacked.reset();
    count = 0;
  }

  /** Forgets all of them. */
  void clear() {
    count = 0;
  }

  /**
   * Becomes what stands at the reader's position.
   *
   * @param source the bytes it reads, which are not written to and must stay as they are
   * @throws RecordFormatException when a length does not fit
   */
  void read(byte[] source, ByteReader reader) {
    int packed = reader.size(reader.remaining());
    for (int i = 0; i < packed; i++) {
      int length = reader.size(reader.remaining());
      if (length < OpenImpression.HEAD_BYTES) {
        throw new RecordFormatException(
            "an open impression of "
                + length
                + " bytes before byte "
                + reader.position()
                + ", and its head alone takes "
                + OpenImpression.HEAD_BYTES);
      }
      append(source, reader.position(), length);
      reader.skip(length);
    }
  }

  void write(ByteWriter writer) {
    writer.varint(count);
    for (int i = 0; i < count; i++) {
      writer.varint(lengths[i]);
      writer.raw(homes[i], offsets[i], lengths[i]);
    }
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** Where the impression of this id is; −1 when it is not open. */
  public int find(long impressionId) {
    for (int i = 0; i < count; i++) {
      if (longAt(i, OpenImpression.ID_AT) == impressionId) {
        return i;
      }
    }
    return -1;
  }

  /** Id of impression i. */
  public long id(int i) {
    return longAt(i, OpenImpression.ID_AT);
  }

  /** When impression i was shown. */
  public long timeMillis(int i) {
    return longAt(i, OpenImpression.TIME_AT);
  }

  /** When something is due for impression i. */
  public long dueMillis(int i) {
    return longAt(i, OpenImpression.DUE_AT);
  }

  /** What is due for impression i. */
  public Action dueAction(int i) {
    return Action.of(homes[i][offsets[i] + OpenImpression.DUE_ACTION_AT]);
  }

  /** Whether a flag of {@link OpenImpression} is set on impression i. */
  public boolean is(int i, int flag) {
    return (homes[i][offsets[i]] & flag) != 0;
  }

  /** When the user has to be woken for the first of them; {@link UserRecord#NEVER} without any. */
  long wakeMillis() {
    long wake = UserRecord.NEVER;
    for (int i = 0; i < count; i++) {
      wake = Math.min(wake, longAt(i, OpenImpression.WAKE_AT));
    }
    return wake;
  }

  /** Unpacks impression i. */
  public void load(int i, OpenImpression into) {
    load(i, into, ids.size());
  }

  private void load(int i, OpenImpression into, int symbols) {
    into.read(homes[i], offsets[i], lengths[i], symbols);
  }

  /** Packs an impression at place i. */
  public void store(int i, OpenImpression impression) {
    int at = repacked.position();
    impression.write(repacked);
    homes[i] = repacked.array();
    offsets[i] = at;
    lengths[i] = repacked.position() - at;
  }

  /** Packs a new impression; gives its place. */
  public int add(OpenImpression impression) {
    append(NOWHERE, 0, 0);
    store(count - 1, impression);
    return count - 1;
  }

  /** Forgets impression i; the last one takes its place. */
  public void remove(int i) {
    count--;
    homes[i] = homes[count];
    offsets[i] = offsets[count];
    lengths[i] = lengths[count];
  }

  /**
   * Changes all of them.
   *
   * @param symbols how many ids their symbols stood for before
   * @param scratch is each of them in turn
   */
  void changeAll(int symbols, OpenImpression scratch, Consumer<OpenImpression> change) {
    int bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += lengths[i];
    }
    repacked = new ByteWriter(bytes + 4096);
    for (int i = 0; i < count; i++) {
      load(i, scratch, symbols);
      change.accept(scratch);
      store(i, scratch);
    }
  }

  private void append(byte[] home, int offset, int length) {
    if (count == lengths.length) {
      homes = Arrays.copyOf(homes, 2 * count);
      offsets = Arrays.copyOf(offsets, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    homes[count] = home;
    offsets[count] = offset;
    lengths[count] = length;
    count++;
  }

  private long longAt(int i, int at) {
    return (long) LONG.get(homes[i], offsets[i] + at);
  }
}

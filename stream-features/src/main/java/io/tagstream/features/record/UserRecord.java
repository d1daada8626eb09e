package io.tagstream.features.record;

import io.tagstream.features.bytes.ByteReader;
import io.tagstream.features.bytes.ByteWriter;
import io.tagstream.features.bytes.RecordFormatException;
import io.tagstream.features.history.TagHistory;
import io.tagstream.features.window.RollingLabels;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The packed record of one user, opened for one event and then packed again; reused from user to
 * user.
 *
 * <p>Layout, version 3 (fixed-width values little-endian, the others varints):
 *
 * <pre>
 * u8  version = 3
 * i64 digest of the feature schema
 * i64 time of the timer that wakes the user; the largest long when none is set
 * i64 time of the timer that ends the record
 * i64 time of the user's last fact
 *     number of kept impressions, outside the record
 * i64 when the next of them is to be forgotten; the largest long when there is none
 *     ids: count, i64 each                      what symbols stand for
 *     ids that were in use at the last clean-up
 *     attributes: versions, committed first
 *     rolling labels: length, bytes
 *     clicked items: length, bytes
 *     shown items: length, bytes
 *     open impressions: count, each as length, bytes
 *                       (u8 flags, u8 next action, i64 id, i64 time, i64 when it is due,
 *                        i64 when somebody has to be woken, …)
 * </pre>
 *
 * Rolling labels, histories and impressions are unpacked when touched, and copied otherwise. The
 * bytes given to {@link #read} are never written to.
 *
 * <p>A kept impression ({@link KeptImpressions}) speaks of nothing in the record:
 *
 * <pre>
 * i64 time it was shown
 *     ids: count, i64 each                      what its symbols stand for
 *     the impression, as in the record
 * </pre>
 */
public final class UserRecord {

  /** No timer is set; nothing is due. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final int VERSION = 3;
  private static final long NONE = Long.MIN_VALUE;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Ids out of use that are put up with before a clean-up. */
  private static final int SPARE_IDS = 32;

  private final RecordShape shape;
  private final ByteReader reader = new ByteReader();
  private final ByteWriter writer = new ByteWriter(4096);
  private final ByteWriter section = new ByteWriter(2048);

  private final IdTable ids = new IdTable();
  private final IdTable idsOfKept = new IdTable();
  private final OpenImpressions open = new OpenImpressions(ids);
  private final Attributes attributes;
  private final RollingLabels rollingLabels;
  private final TagHistory clicked;
  private final TagHistory shown;
  private final Section labelsSection;
  private final Section clickedSection;
  private final Section shownSection;
  private final List<Section> sections;
  private final OpenImpression scratch;

  private byte[] source = new byte[0];
  private long timerMillis = NEVER;
  private long endTimerMillis = NEVER;
  private long lastFactMillis = NONE;
  private int kept;
  private long keptDueMillis = NEVER;
  private int idsAtCleanUp;

  /**
   * A record of this shape, empty.
   *
   * @param shape sizes and times
   */
  public UserRecord(RecordShape shape) {
    this.shape = shape;
    this.attributes = new Attributes(shape.attributes(), ids);
    this.rollingLabels = new RollingLabels(shape.tasks());
    this.clicked = shape.clickedItems();
    this.shown = shape.shownItems();
    this.labelsSection = new Section("rolling labels", rollingLabels::read, rollingLabels::write);
    this.clickedSection =
        new Section("clicked items", in -> clicked.read(in, ids.size()), clicked::write);
    this.shownSection = new Section("shown items", in -> shown.read(in, ids.size()), shown::write);
    this.sections = List.of(labelsSection, clickedSection, shownSection);
    this.scratch = new OpenImpression(shape);
  }

  /**
   * Becomes the record in these bytes, or an empty one.
   *
   * @param bytes a packed record; null for a user unknown so far
   * @throws RecordFormatException when version, schema or length do not fit
   */
  public void read(byte @Nullable [] bytes) {
    open.reset();
    if (bytes == null) {
      timerMillis = NEVER;
      endTimerMillis = NEVER;
      clear();
      return;
    }
    source = bytes;
    reader.wrap(bytes, 0, bytes.length);
    int version = reader.u8();
    if (version != VERSION) {
      throw new RecordFormatException(
          "user record of the unknown version "
              + version
              + "; this build reads version "
              + VERSION
              + ": restore with the build that wrote it");
    }
    long digest = reader.i64();
    if (digest != shape.digest()) {
      throw new RecordFormatException(
          String.format(
              "user record of the feature schema %016x, and this job's is %016x: its snapshots name"
                  + " other fields; restore with the features.* settings it was written with, or"
                  + " start the feature stage without state",
              digest, shape.digest()));
    }
    timerMillis = reader.i64();
    endTimerMillis = reader.i64();
    lastFactMillis = reader.i64();
    kept = reader.size(Integer.MAX_VALUE);
    keptDueMillis = reader.i64();
    ids.read(reader);
    idsAtCleanUp = reader.size(Integer.MAX_VALUE);
    attributes.read(reader);
    sections.forEach(Section::locate);
    open.read(bytes, reader);
    reader.end("user record");
  }

  /** The record as bytes of its own; null when it holds nothing. */
  public byte @Nullable [] write() {
    if (isEmpty()) {
      return null;
    }
    writer.reset();
    writer.u8(VERSION);
    writer.i64(shape.digest());
    writer.i64(timerMillis);
    writer.i64(endTimerMillis);
    writer.i64(lastFactMillis);
    writer.varint(kept);
    writer.i64(keptDueMillis);
    ids.write(writer);
    writer.varint(idsAtCleanUp);
    attributes.write(writer);
    sections.forEach(Section::write);
    open.write(writer);
    return writer.toBytes();
  }

  /** Whether it holds nothing. */
  public boolean isEmpty() {
    return lastFactMillis == NONE;
  }

  /** Whether nothing is known of what the user was shown and did; attributes may be known. */
  public boolean hasNoHistory() {
    return open.count() == 0
        && kept == 0
        && clicked().size() == 0
        && shown().size() == 0
        && !rollingLabels().holdsLabels();
  }

  /** Forgets everything but which timers are set. */
  public void clear() {
    lastFactMillis = NONE;
    kept(0, NEVER);
    idsAtCleanUp = 0;
    ids.clear();
    attributes.clear();
    rollingLabels.clear();
    clicked.clear();
    shown.clear();
    sections.forEach(Section::overrule);
    open.clear();
  }

  /** Time of the timer that wakes the user; {@link #NEVER} when none is set. */
  public long timerMillis() {
    return timerMillis;
  }

  /** Notes which timer wakes the user. */
  public void timerMillis(long millis) {
    timerMillis = millis;
  }

  /** Time of the timer that ends the record; {@link #NEVER} when none is set. */
  public long endTimerMillis() {
    return endTimerMillis;
  }

  /** Notes which timer ends the record. */
  public void endTimerMillis(long millis) {
    endTimerMillis = millis;
  }

  /** Notes that the user was heard of. */
  public void noteFact(long timeMillis) {
    lastFactMillis = Math.max(lastFactMillis, timeMillis);
  }

  /** When the record ends if nothing more is heard. */
  public long endMillis() {
    return lastFactMillis + shape.retentionMillis();
  }

  /** The symbol of a feature id. */
  public int symbol(long featureId) {
    return ids.symbol(featureId);
  }

  /** The feature id of a symbol. */
  public long id(int symbol) {
    return ids.id(symbol);
  }

  /** The rolling labels, to read and to change. */
  public RollingLabels rollingLabels() {
    labelsSection.unpack();
    return rollingLabels;
  }

  /** The items the user clicked, to read and to change. */
  public TagHistory clicked() {
    clickedSection.unpack();
    return clicked;
  }

  /** The items the user was shown, to read and to change. */
  public TagHistory shown() {
    shownSection.unpack();
    return shown;
  }

  /** Adds a version of the user's attributes, symbol + 1 each, that holds from its time on. */
  public void addAttributes(long timeMillis, boolean beforeEvents, int[] version) {
    attributes.addPending(timeMillis, beforeEvents, version);
  }

  /** Commits the versions of this time. */
  public void commitAttributes(long timeMillis) {
    attributes.commit(timeMillis);
  }

  /** The attributes as of the committed facts. */
  public void attributesAsOf(int[] out) {
    attributes.asOf(out);
  }

  /** The newest attributes, whether or not their time has come. */
  public void newestAttributes(int[] out) {
    attributes.newest(out);
  }

  /** Time of the next version of attributes; {@link #NEVER} when there is none. */
  public long attributesDueMillis() {
    return attributes.nextDue();
  }

  /** The open impressions, to read and to change. */
  public OpenImpressions openImpressions() {
    return open;
  }

  /** How many of the user's impressions are kept outside the record. */
  public int kept() {
    return kept;
  }

  /** When the next of them is to be forgotten; {@link #NEVER} when there is none. */
  public long keptDueMillis() {
    return keptDueMillis;
  }

  /** Notes how many are kept outside the record, and when the next is to be forgotten. */
  public void kept(int count, long dueMillis) {
    kept = count;
    keptDueMillis = dueMillis;
  }

  /** When a kept impression was shown. */
  public static long keptTimeMillis(byte[] bytes) {
    return (long) LONG.get(bytes, 0);
  }

  /** Takes impression i out of the record, as bytes that speak of nothing in it. */
  public byte[] takeOut(int i, SnapshotSymbols codes) {
    boolean[] used = new boolean[ids.size()];
    open.load(i, scratch);
    markSymbols(scratch, codes, used);
    int[] renamed = new int[used.length];
    idsOfKept.clear();
    for (int symbol = 0; symbol < used.length; symbol++) {
      renamed[symbol] = used[symbol] ? idsOfKept.add(ids.id(symbol)) : 0;
    }
    renameSymbols(scratch, codes, renamed);
    writer.reset();
    writer.i64(scratch.timeMillis());
    idsOfKept.write(writer);
    scratch.write(writer);
    open.remove(i);
    return writer.toBytes();
  }

  /** Takes a kept impression into the record; gives its place. */
  public int takeIn(byte[] bytes, SnapshotSymbols codes) {
    reader.wrap(bytes, 0, bytes.length);
    reader.skip(Long.BYTES);
    idsOfKept.read(reader);
    scratch.read(bytes, reader.position(), reader.remaining(), idsOfKept.size());
    int[] renamed = new int[idsOfKept.size()];
    for (int symbol = 0; symbol < renamed.length; symbol++) {
      renamed[symbol] = ids.symbol(idsOfKept.id(symbol));
    }
    renameSymbols(scratch, codes, renamed);
    return open.add(scratch);
  }

  /** When the user has to be woken if nothing is heard before, other than at the end. */
  public long wakeMillis() {
    return Math.min(open.wakeMillis(), Math.min(attributesDueMillis(), keptDueMillis));
  }

  /** Forgets attributes, statistics and what was shown up to this time, and clicks to another. */
  public void forgetUpTo(long timeMillis, long clicksUpToMillis) {
    attributes.forgetUpTo(timeMillis);
    rollingLabels().forgetUpTo(timeMillis);
    shown().evictBefore(timeMillis + 1);
    clicked().evictBefore(clicksUpToMillis + 1);
    if (attributes.isEmpty() && hasNoHistory()) {
      clear();
    }
  }

  /**
   * Drops ids that nothing speaks of any more, once they are many.
   *
   * @param codes renames the symbols in a snapshot's codes
   */
  public void cleanUp(SnapshotSymbols codes) {
    if (ids.size() <= 2 * idsAtCleanUp + SPARE_IDS) {
      return;
    }
    boolean[] used = new boolean[ids.size()];
    attributes.markSymbols(used);
    clicked().markSymbols(used);
    shown().markSymbols(used);
    for (int i = 0; i < open.count(); i++) {
      open.load(i, scratch);
      markSymbols(scratch, codes, used);
    }
    // Nothing may be unpacked between the two: symbols are checked against the table's size.
    int oldSize = ids.size();
    int[] renamed = ids.compact(used);
    attributes.renameSymbols(renamed);
    clicked.renameSymbols(renamed);
    shown.renameSymbols(renamed);
    open.changeAll(oldSize, scratch, impression -> renameSymbols(impression, codes, renamed));
    idsAtCleanUp = ids.size();
  }

  /**
   * Finds the symbols in the packed codes of a snapshot; the feature schema knows where they are.
   */
  public interface SnapshotSymbols {

    /** Marks the symbols in use. */
    void mark(OpenImpression impression, boolean[] used);

    /** Replaces every symbol by its new one. */
    void rename(OpenImpression impression, int[] renamed);
  }

  /** A part of the record that is unpacked when it is touched, and copied otherwise. */
  private final class Section {

    private final String name;
    private final Consumer<ByteReader> reads;
    private final Consumer<ByteWriter> writes;
    private boolean unpacked;
    private int at;
    private int length;

    Section(String name, Consumer<ByteReader> reads, Consumer<ByteWriter> writes) {
      this.name = name;
      this.reads = reads;
      this.writes = writes;
    }

    /** It begins where the reader stands, packed. */
    void locate() {
      length = reader.size(reader.remaining());
      at = reader.position();
      unpacked = false;
      reader.skip(length);
    }

    void unpack() {
      if (!unpacked) {
        reader.wrap(source, at, length);
        reads.accept(reader);
        reader.end("section of " + name);
        unpacked = true;
      }
    }

    /** Holds what was set, whatever the bytes say. */
    void overrule() {
      unpacked = true;
    }

    void write() {
      if (unpacked) {
        section.reset();
        writes.accept(section);
        writer.block(section);
      } else {
        writer.varint(length);
        writer.raw(source, at, length);
      }
    }
  }

  private static void markSymbols(
      OpenImpression impression, SnapshotSymbols codes, boolean[] used) {
    impression.markSymbols(used);
    if (impression.is(OpenImpression.SNAPSHOT)) {
      codes.mark(impression, used);
    }
  }

  private static void renameSymbols(
      OpenImpression impression, SnapshotSymbols codes, int[] renamed) {
    impression.renameSymbols(renamed);
    if (impression.is(OpenImpression.SNAPSHOT)) {
      codes.rename(impression, renamed);
    }
  }
}

package io.tagstream.features.record;

import io.tagstream.features.bytes.ByteReader;
import io.tagstream.features.bytes.ByteWriter;
import java.util.Arrays;

/**
 * One open impression, unpacked: what was shown, its labels so far, emissions whose time has not
 * come, and the snapshot once it is taken. Reused from impression to impression; names and snapshot
 * stay packed until somebody asks.
 */
public final class OpenImpression {

  /** Its {@code Opened} came. */
  public static final int OPENED = 1;

  /** Its snapshot is taken. */
  public static final int SNAPSHOT = 1 << 1;

  /** A late fact touched it. */
  public static final int LATE = 1 << 2;

  /** Its labels have entered the statistics. */
  public static final int MATURED = 1 << 3;

  /** Its first sample went out. */
  public static final int SAMPLED = 1 << 4;

  /** It was clicked. */
  public static final int CLICKED = 1 << 5;

  /** One of its labels is positive. */
  public static final int POSITIVE = 1 << 6;

  /** Emissions wait for their time. */
  public static final int PENDING = 1 << 7;

  static final int DUE_ACTION_AT = 1;
  static final int ID_AT = 2;
  static final int TIME_AT = ID_AT + Long.BYTES;
  static final int DUE_AT = TIME_AT + Long.BYTES;
  static final int WAKE_AT = DUE_AT + Long.BYTES;
  static final int HEAD_BYTES = WAKE_AT + Long.BYTES;

  private static final int LATE_EMISSION = 0x80;

  private final RecordShape shape;
  private final ByteReader reader = new ByteReader();

  private int flags;
  private long id;
  private long timeMillis;

  private long labelled;
  private final int[] labels;

  private int pendingCount;
  private PendingLabels[] pending = new PendingLabels[0];

  private int tagCount;
  private int[] tags = new int[16];
  private final int[] privileged;
  private final int[] context;
  private final ByteWriter names = new ByteWriter(128);

  private final float[] pseudoLabels;
  private long pseudoLabelled;
  private float[] weights = new float[16];
  private final ByteWriter codes = new ByteWriter(128);

  private long dueMillis;
  private long wakeMillis;
  private Action dueAction = Action.NOTHING;

  /**
   * An impression of records of this shape.
   *
   * @param shape sizes and times
   */
  public OpenImpression(RecordShape shape) {
    this.shape = shape;
    this.labels = new int[shape.tasks()];
    this.privileged = new int[shape.privileged()];
    this.context = new int[shape.context()];
    this.pseudoLabels = new float[shape.tasks()];
  }

  /** Starts an impression of which nothing is known but its id and time. */
  public void begin(long newId, long newTimeMillis) {
    flags = 0;
    id = newId;
    timeMillis = newTimeMillis;
    labelled = 0;
    pendingCount = 0;
  }

  /** Notes what was shown; {@link #tags}, {@link #privileged}, {@link #context} come with it. */
  public void open(String impressionId, String itemId, String entity, Iterable<String> tagNames) {
    flags |= OPENED;
    names.reset();
    names.text(impressionId);
    names.text(itemId);
    names.text(entity);
    for (String tag : tagNames) {
      names.text(tag);
    }
  }

  /** Whether this flag is set. */
  public boolean is(int flag) {
    return (flags & flag) != 0;
  }

  /** Sets a flag for good. */
  public void set(int flag) {
    flags |= flag;
  }

  /** Hash of the impression's id: its name within the record. */
  public long id() {
    return id;
  }

  /** When it was shown. */
  public long timeMillis() {
    return timeMillis;
  }

  /** Whether the task's label is known. */
  public boolean labelled(int task) {
    return (labelled >>> task & 1) != 0;
  }

  /** The task's label so far, fixed point. */
  public int label(int task) {
    return labels[task];
  }

  /** Notes a label, fixed point. */
  public void label(int task, int value) {
    labelled |= 1L << task;
    labels[task] = value;
    if (value > 0) {
      flags |= POSITIVE;
    }
  }

  /** Emissions that wait for their time. */
  public int pendingCount() {
    return pendingCount;
  }

  /** One of them. */
  public PendingLabels pending(int i) {
    return pending[i];
  }

  /** Room for one more; the caller fills it. */
  public PendingLabels addPending() {
    if (pendingCount == pending.length) {
      pending = Arrays.copyOf(pending, pendingCount + 2);
      for (int i = pendingCount; i < pending.length; i++) {
        pending[i] = new PendingLabels(shape.tasks());
      }
    }
    return pending[pendingCount++];
  }

  /** Takes one out; its object stays valid until the next {@link #addPending}. */
  public PendingLabels removePending(int i) {
    PendingLabels removed = pending[i];
    pending[i] = pending[--pendingCount];
    pending[pendingCount] = removed;
    return removed;
  }

  /** The item's tags as symbols, {@link #tagCount} of them. */
  public int[] tags() {
    return tags;
  }

  /** How many tags the item has. */
  public int tagCount() {
    return tagCount;
  }

  /** Makes room for this many tags and gives the array to fill. */
  public int[] tags(int count) {
    tagCount = count;
    if (count > tags.length) {
      tags = new int[2 * count];
      weights = new float[2 * count];
    }
    return tags;
  }

  /** Privileged fields, symbol + 1 or 0. */
  public int[] privileged() {
    return privileged;
  }

  /** Context fields, symbol + 1 or 0. */
  public int[] context() {
    return context;
  }

  /** Impression id, item id, entity and tag names, to be read in this order. */
  public ByteReader names() {
    reader.wrap(names.array(), 0, names.position());
    return reader;
  }

  /** Pseudo-labels as of the snapshot. */
  public float[] pseudoLabels() {
    return pseudoLabels;
  }

  /** Bit per task: whether the pseudo-label comes from matured history. */
  public long pseudoLabelled() {
    return pseudoLabelled;
  }

  /** Notes which pseudo-labels come from matured history. */
  public void pseudoLabelled(long mask) {
    pseudoLabelled = mask;
  }

  /** Weights of the tags as of the snapshot. */
  public float[] weights() {
    return weights;
  }

  /** Packs the snapshot's user fields. */
  public void packCodes(int[] from, int count) {
    codes.reset();
    codes.varint(count);
    for (int i = 0; i < count; i++) {
      codes.varint(from[i]);
    }
  }

  /**
   * Unpacks the snapshot's user fields.
   *
   * @param into large enough for every field
   * @return how many codes there are
   */
  public int unpackCodes(int[] into) {
    reader.wrap(codes.array(), 0, codes.position());
    int count = reader.size(into.length);
    for (int i = 0; i < count; i++) {
      into[i] = reader.size(Integer.MAX_VALUE);
    }
    return count;
  }

  /** Whether it stays open beyond its label window. */
  public boolean kept() {
    return is(OPENED) && (is(CLICKED) || (shape.keepPositive() && is(POSITIVE)));
  }

  /** Whether nothing can happen to it any more. */
  public boolean done() {
    return is(MATURED) && pendingCount == 0 && !kept();
  }

  /** Time of the next action, once {@link #plan} was called. */
  public long dueMillis() {
    return dueMillis;
  }

  /** The next action, once {@link #plan} was called. */
  public Action dueAction() {
    return dueAction;
  }

  /**
   * Finds the next action, and when somebody has to be woken for this impression. Nobody is woken
   * for its snapshot or its maturity: whoever touches the record next takes both first, in order.
   *
   * @param atEnd whether the input has ended, so that nothing matures, turns negative or is
   *     forgotten
   */
  public void plan(boolean atEnd) {
    dueMillis = Long.MAX_VALUE;
    wakeMillis = Long.MAX_VALUE;
    dueAction = Action.NOTHING;
    if (is(OPENED) || is(MATURED)) {
      for (int i = 0; i < pendingCount; i++) {
        if (!atEnd || pending[i].action() != Action.WINDOW_CLOSE) {
          consider(pending[i].eventTimeMillis(), pending[i].action());
        }
      }
      wakeMillis = dueMillis;
    }
    if (is(OPENED) && !is(SNAPSHOT)) {
      dueMillis = timeMillis; // all else comes after
      dueAction = Action.SNAPSHOT;
      return;
    }
    if (atEnd) {
      return;
    }
    if (!is(MATURED)) {
      long end = timeMillis + shape.labelWindowMillis();
      consider(end, is(OPENED) ? Action.MATURE : Action.EXPIRE);
      wakeMillis = is(OPENED) ? wakeMillis : Math.min(wakeMillis, end);
    } else {
      long end = timeMillis + shape.horizonMillis();
      consider(end, Action.EXPIRE);
      wakeMillis = Math.min(wakeMillis, end);
    }
  }

  void write(ByteWriter out) {
    plan(false);
    out.u8(pendingCount > 0 ? flags | PENDING : flags & ~PENDING);
    out.u8(dueAction.code());
    out.i64(id);
    out.i64(timeMillis);
    out.i64(dueMillis);
    out.i64(wakeMillis);
    out.varint(labelled);
    for (int task = 0; task < labels.length; task++) {
      if (labelled(task)) {
        out.varint(labels[task]);
      }
    }
    out.varint(pendingCount);
    for (int i = 0; i < pendingCount; i++) {
      PendingLabels emission = pending[i];
      out.u8(emission.action().code() | (emission.late() ? LATE_EMISSION : 0));
      out.zigzag(emission.eventTimeMillis() - timeMillis);
      out.zigzag(emission.appendTimeMillis() - emission.eventTimeMillis());
      emission.writeValues(out);
    }
    if (is(OPENED)) {
      out.varint(tagCount);
      writeSymbols(out, tags, tagCount);
      writeSymbols(out, privileged, privileged.length);
      writeSymbols(out, context, context.length);
      out.block(names);
    }
    if (is(SNAPSHOT)) {
      out.varint(pseudoLabelled);
      for (float pseudoLabel : pseudoLabels) {
        out.f32(pseudoLabel);
      }
      for (int i = 0; i < tagCount && tagCount > 1; i++) {
        out.f32(weights[i]);
      }
      out.block(codes);
    }
  }

  void read(byte[] bytes, int offset, int length, int symbols) {
    reader.wrap(bytes, offset, length);
    flags = reader.u8();
    dueAction = Action.of(reader.u8());
    id = reader.i64();
    timeMillis = reader.i64();
    dueMillis = reader.i64();
    wakeMillis = reader.i64();
    labelled = reader.varint();
    for (int task = 0; task < labels.length; task++) {
      if (labelled(task)) {
        labels[task] = reader.size(Integer.MAX_VALUE);
      }
    }
    int emissions = reader.size(reader.remaining());
    pendingCount = 0;
    for (int i = 0; i < emissions; i++) {
      int code = reader.u8();
      long eventTime = timeMillis + reader.zigzag();
      long appendTime = eventTime + reader.zigzag();
      Action action = Action.of(code & ~LATE_EMISSION);
      addPending().begin(action, eventTime, appendTime, (code & LATE_EMISSION) != 0);
      pending[i].readValues(reader);
    }
    if (is(OPENED)) {
      readSymbols(tags(reader.size(reader.remaining())), tagCount, symbols - 1);
      readSymbols(privileged, privileged.length, symbols);
      readSymbols(context, context.length, symbols);
      readBlock(names, bytes);
    }
    if (is(SNAPSHOT)) {
      pseudoLabelled = reader.varint();
      for (int task = 0; task < pseudoLabels.length; task++) {
        pseudoLabels[task] = reader.f32();
      }
      for (int i = 0; i < tagCount; i++) {
        weights[i] = tagCount > 1 ? reader.f32() : 1;
      }
      readBlock(codes, bytes);
    }
    reader.end("open impression");
  }

  void markSymbols(boolean[] used) {
    if (is(OPENED)) {
      for (int i = 0; i < tagCount; i++) {
        used[tags[i]] = true;
      }
      mark(privileged, used);
      mark(context, used);
    }
  }

  void renameSymbols(int[] renamed) {
    if (is(OPENED)) {
      for (int i = 0; i < tagCount; i++) {
        tags[i] = renamed[tags[i]];
      }
      rename(privileged, renamed);
      rename(context, renamed);
    }
  }

  private void consider(long time, Action action) {
    if (time < dueMillis || (time == dueMillis && action.code() < dueAction.code())) {
      dueMillis = time;
      dueAction = action;
    }
  }

  private static void mark(int[] symbols, boolean[] used) {
    for (int symbol : symbols) {
      if (symbol > 0) {
        used[symbol - 1] = true;
      }
    }
  }

  private static void rename(int[] symbols, int[] renamed) {
    for (int i = 0; i < symbols.length; i++) {
      if (symbols[i] > 0) {
        symbols[i] = renamed[symbols[i] - 1] + 1;
      }
    }
  }

  private static void writeSymbols(ByteWriter out, int[] symbols, int count) {
    for (int i = 0; i < count; i++) {
      out.varint(symbols[i]);
    }
  }

  private void readSymbols(int[] symbols, int count, int max) {
    for (int i = 0; i < count; i++) {
      symbols[i] = reader.size(max);
    }
  }

  private void readBlock(ByteWriter into, byte[] bytes) {
    int length = reader.size(reader.remaining());
    into.reset();
    into.raw(bytes, reader.position(), length);
    reader.skip(length);
  }
}

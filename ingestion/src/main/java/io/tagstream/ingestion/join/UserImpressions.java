package io.tagstream.ingestion.join;

import io.tagstream.ingestion.join.OpenImpression.FirstConversion;
import io.tagstream.ingestion.packed.PackedReader;
import io.tagstream.ingestion.packed.PackedWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the join keeps of one user: impressions until their window or horizon ends, and engagements
 * that wait. Mutable; packed into one record of bytes between events.
 *
 * <p>Layout, version 2 ({@code u} unsigned and {@code s} signed variable-length number, {@code t}
 * text, {@code 8} eight bytes little-endian, {@code b} one byte):
 *
 * <pre>
 * b version
 * u armed timer, 0 = none       u forgotten until, 0 = never
 * u number of kept impressions, outside the record      u when the next is to be forgotten
 * u base time: of the earliest impression, 0 without one
 * u number of impressions, for each
 *   t id     u time - base     8 content digest
 *   b flags: 1 closed, 2 clicked, 4 click late, 8 stayed, 16 stay late, 32 converted
 *   if clicked    u click - time
 *   if stayed     u stay's time - time     u milliseconds
 *   if converted  u number of types, for each: t type   u conversion - time   b flags: 1 late, 2 after close
 * u number of waiting engagements, for each
 *   b kind: 1 click, 2 stay, 3 conversion     b flags: 1 late
 *   t impression id     u time
 *   stay: u milliseconds     conversion: t type   8 bits of the worth
 *   t topic   s partition   s offset   s append time
 * </pre>
 *
 * A kept impression ({@link KeptImpressions}) is
 *
 * <pre>
 * b version   u base time: its own   and the impression, as in the record
 * </pre>
 */
public final class UserImpressions {

  private static final int VERSION = 2;
  private static final int KEPT_VERSION = 1;
  private static final String WHAT = "open impressions of a user";
  private static final String KEPT = "a kept impression";

  private static final int CLOSED = 1;
  private static final int CLICKED = 2;
  private static final int CLICK_LATE = 4;
  private static final int STAYED = 8;
  private static final int STAY_LATE = 16;
  private static final int CONVERTED = 32;
  private static final int LATE = 1;
  private static final int AFTER_CLOSE = 2;

  final List<OpenImpression> impressions = new ArrayList<>();
  final List<Waiting> waiting = new ArrayList<>(0);
  long forgottenUntilMillis;

  /** How many impressions are kept outside, and when the next of them is to be forgotten. */
  int kept;

  long keptDueMillis;
  private long timerMillis;

  /** An engagement that waits for its impression, or for its impression's window to close. */
  record Waiting(Engagement engagement, boolean late) {}

  /** The state in these bytes; the empty state for null. */
  public static UserImpressions decode(byte @Nullable [] bytes) {
    UserImpressions user = new UserImpressions();
    if (bytes == null) {
      return user;
    }
    PackedReader in = new PackedReader(WHAT, bytes);
    in.expectVersion(VERSION);
    user.timerMillis = in.readUnsigned();
    user.forgottenUntilMillis = in.readUnsigned();
    user.kept = Math.toIntExact(in.readUnsigned());
    user.keptDueMillis = in.readUnsigned();
    long base = in.readUnsigned();
    for (int n = in.readCount(); n > 0; n--) {
      user.impressions.add(readImpression(in, base));
    }
    for (int n = in.readCount(); n > 0; n--) {
      user.waiting.add(readWaiting(in));
    }
    in.expectEnd();
    return user;
  }

  /** The state as bytes; null when it is empty and need not be kept. */
  public byte @Nullable [] encode() {
    if (isEmpty()) {
      return null;
    }
    long base = impressions.isEmpty() ? 0 : Long.MAX_VALUE;
    for (OpenImpression impression : impressions) {
      base = Math.min(base, impression.timeMillis);
    }
    PackedWriter out = new PackedWriter();
    out.writeByte(VERSION).writeUnsigned(timerMillis).writeUnsigned(forgottenUntilMillis);
    out.writeUnsigned(kept).writeUnsigned(keptDueMillis);
    out.writeUnsigned(base).writeUnsigned(impressions.size());
    for (OpenImpression impression : impressions) {
      write(out, impression, base);
    }
    out.writeUnsigned(waiting.size());
    for (Waiting one : waiting) {
      write(out, one);
    }
    return out.toBytes();
  }

  /** Nothing is kept; a timer may still be armed. */
  public boolean isEmpty() {
    return impressions.isEmpty() && waiting.isEmpty() && forgottenUntilMillis == 0 && kept == 0;
  }

  /** Records that are open: impressions whose window has not closed, and waiting engagements. */
  public int open() {
    int open = waiting.size();
    for (OpenImpression impression : impressions) {
      open += impression.closed ? 0 : 1;
    }
    return open;
  }

  /** The one outstanding timer, 0 when there is none. */
  public long timerMillis() {
    return timerMillis;
  }

  /** Notes the one outstanding timer, 0 when there is none. */
  public void armTimer(long atMillis) {
    timerMillis = atMillis;
  }

  @Nullable OpenImpression find(String impressionId) {
    // From the newest: events mostly belong to what was shown last.
    for (int i = impressions.size() - 1; i >= 0; i--) {
      OpenImpression impression = impressions.get(i);
      if (impression.id.equals(impressionId)) {
        return impression;
      }
    }
    return null;
  }

  /** An impression as bytes of its own. */
  static byte[] pack(OpenImpression impression) {
    PackedWriter out = new PackedWriter();
    out.writeByte(KEPT_VERSION).writeUnsigned(impression.timeMillis);
    write(out, impression, impression.timeMillis);
    return out.toBytes();
  }

  /** The impression in such bytes. */
  static OpenImpression unpack(byte[] bytes) {
    PackedReader in = new PackedReader(KEPT, bytes);
    in.expectVersion(KEPT_VERSION);
    OpenImpression impression = readImpression(in, in.readUnsigned());
    in.expectEnd();
    return impression;
  }

  private static OpenImpression readImpression(PackedReader in, long base) {
    OpenImpression impression =
        new OpenImpression(in.readText(), base + in.readUnsigned(), in.readFixed());
    int flags = readFlags(in, CLOSED | CLICKED | CLICK_LATE | STAYED | STAY_LATE | CONVERTED);
    impression.closed = (flags & CLOSED) != 0;
    if ((flags & CLICKED) != 0) {
      impression.clickMillis = impression.timeMillis + in.readUnsigned();
      impression.clickLate = (flags & CLICK_LATE) != 0;
    }
    if ((flags & STAYED) != 0) {
      impression.stayedAtMillis = impression.timeMillis + in.readUnsigned();
      impression.stayMillis = in.readUnsigned();
      impression.stayLate = (flags & STAY_LATE) != 0;
    }
    if ((flags & CONVERTED) != 0) {
      for (int n = in.readCount(); n > 0; n--) {
        String type = in.readText();
        long timeMillis = impression.timeMillis + in.readUnsigned();
        int how = readFlags(in, LATE | AFTER_CLOSE);
        impression.conversions.add(
            new FirstConversion(type, timeMillis, (how & LATE) != 0, (how & AFTER_CLOSE) != 0));
      }
    }
    return impression;
  }

  private static void write(PackedWriter out, OpenImpression impression, long base) {
    out.writeText(impression.id);
    out.writeUnsigned(impression.timeMillis - base).writeFixed(impression.contentDigest);
    out.writeByte(
        (impression.closed ? CLOSED : 0)
            | (impression.clicked() ? CLICKED : 0)
            | (impression.clickLate ? CLICK_LATE : 0)
            | (impression.stayed() ? STAYED : 0)
            | (impression.stayLate ? STAY_LATE : 0)
            | (impression.conversions.isEmpty() ? 0 : CONVERTED));
    if (impression.clicked()) {
      out.writeUnsigned(impression.clickMillis - impression.timeMillis);
    }
    if (impression.stayed()) {
      out.writeUnsigned(impression.stayedAtMillis - impression.timeMillis);
      out.writeUnsigned(impression.stayMillis);
    }
    if (!impression.conversions.isEmpty()) {
      out.writeUnsigned(impression.conversions.size());
      for (FirstConversion conversion : impression.conversions) {
        out.writeText(conversion.type());
        out.writeUnsigned(conversion.timeMillis() - impression.timeMillis);
        out.writeByte((conversion.late() ? LATE : 0) | (conversion.afterClose() ? AFTER_CLOSE : 0));
      }
    }
  }

  private static Waiting readWaiting(PackedReader in) {
    int code = in.readByte();
    boolean late = (readFlags(in, LATE) & LATE) != 0;
    String impressionId = in.readText();
    long timeMillis = in.readUnsigned();
    if (code == Engagement.Kind.CLICK.code()) {
      return new Waiting(Engagement.click(impressionId, timeMillis, readSource(in)), late);
    }
    if (code == Engagement.Kind.STAY.code()) {
      long stayMillis = in.readUnsigned();
      return new Waiting(
          Engagement.stay(impressionId, timeMillis, stayMillis, readSource(in)), late);
    }
    if (code == Engagement.Kind.CONVERSION.code()) {
      String type = in.readText();
      double worth = Double.longBitsToDouble(in.readFixed());
      return new Waiting(
          Engagement.conversion(impressionId, timeMillis, type, worth, readSource(in)), late);
    }
    throw in.broken("holds the unknown engagement kind " + code);
  }

  private static void write(PackedWriter out, Waiting one) {
    Engagement engagement = one.engagement();
    out.writeByte(engagement.kind().code()).writeByte(one.late() ? LATE : 0);
    out.writeText(engagement.impressionId()).writeUnsigned(engagement.timeMillis());
    switch (engagement.kind()) {
      case CLICK -> {}
      case STAY -> out.writeUnsigned(engagement.stayMillis());
      case CONVERSION ->
          out.writeText(engagement.conversionType())
              .writeFixed(Double.doubleToRawLongBits(engagement.worth()));
    }
    RecordSource source = engagement.source();
    out.writeText(source.topic()).writeSigned(source.partition()).writeSigned(source.offset());
    out.writeSigned(source.appendTimeMillis());
  }

  private static RecordSource readSource(PackedReader in) {
    return new RecordSource(
        in.readText(), Math.toIntExact(in.readSigned()), in.readSigned(), in.readSigned());
  }

  private static int readFlags(PackedReader in, int known) {
    int flags = in.readByte();
    if ((flags & ~known) != 0) {
      throw in.broken("holds unknown flags " + flags);
    }
    return flags;
  }
}

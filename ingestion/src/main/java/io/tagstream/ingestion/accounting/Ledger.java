package io.tagstream.ingestion.accounting;

import io.tagstream.ingestion.packed.PackedReader;
import io.tagstream.ingestion.packed.PackedWriter;

/**
 * Where the records went that entered one operator. Each record that entered is in exactly one
 * class, and may move from open to another one:
 *
 * <ul>
 *   <li><b>handed on</b>: given to the next operator of ingestion, which accounts for it;
 *   <li><b>matched</b>: an engagement that met its impression;
 *   <li><b>duplicate</b>: adds nothing: a repetition, or a later click, stay or conversion than one
 *       its impression already has (which of two is the later one depends on their arrival; their
 *       sum with matched does not);
 *   <li><b>open</b>: an impression before its window's end, or an engagement that waits for its
 *       impression or for its impression's window; taken from the state itself, not counted along;
 *   <li><b>closed</b>: has played its part: the impression's window closed or its user was
 *       forgotten; user, deletion and item records, once passed on or taken in;
 *   <li><b>dead-lettered</b>: on the dead-letter topic.
 * </ul>
 *
 * <p>Over all operators of ingestion, handed on cancels out: {@code accepted = matched + duplicate
 * + open + closed + dead-lettered}, accepted being what entered the first one.
 *
 * <p>Layout, version 1: the version in one byte, then the seven counts as signed numbers, in the
 * order of the fields. Signed, because after a change of parallelism a subtask may close what
 * another one counted as open; only the sum means something then.
 */
public final class Ledger {

  private static final int VERSION = 1;

  private long entered;
  private long handedOn;
  private long matched;
  private long duplicate;
  private long open;
  private long closed;
  private long deadLettered;

  /** The ledger in these bytes. */
  public static Ledger decode(byte[] bytes) {
    PackedReader in = new PackedReader("accounting ledger", bytes);
    in.expectVersion(VERSION);
    Ledger ledger = new Ledger();
    ledger.entered = in.readSigned();
    ledger.handedOn = in.readSigned();
    ledger.matched = in.readSigned();
    ledger.duplicate = in.readSigned();
    ledger.open = in.readSigned();
    ledger.closed = in.readSigned();
    ledger.deadLettered = in.readSigned();
    in.expectEnd();
    return ledger;
  }

  /** The ledger as bytes. */
  public byte[] encode() {
    return new PackedWriter()
        .writeByte(VERSION)
        .writeSigned(entered)
        .writeSigned(handedOn)
        .writeSigned(matched)
        .writeSigned(duplicate)
        .writeSigned(open)
        .writeSigned(closed)
        .writeSigned(deadLettered)
        .toBytes();
  }

  /** Adds another ledger, of another subtask. */
  public void merge(Ledger other) {
    entered += other.entered;
    handedOn += other.handedOn;
    matched += other.matched;
    duplicate += other.duplicate;
    open += other.open;
    closed += other.closed;
    deadLettered += other.deadLettered;
  }

  /** A record came in. */
  public void enter() {
    entered++;
  }

  /** A record went to the next operator. */
  public void handOn() {
    handedOn++;
  }

  /** Engagements met their impressions. */
  public void match(long records) {
    matched += records;
  }

  /** Records added nothing. */
  public void repeat(long records) {
    duplicate += records;
  }

  /** The state holds more open records, or fewer when negative. */
  public void openMore(long records) {
    open += records;
  }

  /** Records have played their part. */
  public void close(long records) {
    closed += records;
  }

  /** Records were refused. */
  public void refuse(long records) {
    deadLettered += records;
  }

  /** Records that entered this operator. */
  public long entered() {
    return entered;
  }

  /** Records given to the next operator. */
  public long handedOn() {
    return handedOn;
  }

  /** Engagements that met their impression. */
  public long matched() {
    return matched;
  }

  /** Records that added nothing. */
  public long duplicate() {
    return duplicate;
  }

  /** Records that wait in the state. */
  public long open() {
    return open;
  }

  /** Records that have played their part. */
  public long closed() {
    return closed;
  }

  /** Records that were refused. */
  public long deadLettered() {
    return deadLettered;
  }

  /** Records that entered and are in no class; negative when some are in two. Zero, or a fault. */
  public long imbalance() {
    return entered - handedOn - matched - duplicate - open - closed - deadLettered;
  }

  @Override
  public String toString() {
    return String.format(
        "entered %d = handed on %d + matched %d + duplicate %d + open %d + closed %d"
            + " + dead-lettered %d + missing %d",
        entered, handedOn, matched, duplicate, open, closed, deadLettered, imbalance());
  }
}

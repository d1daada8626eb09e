package io.tagstream.features.record;

/**
 * What can be due for a user, in the order in which actions of one millisecond are taken: snapshots
 * first, since a snapshot sees facts from before its time only; forgetting last.
 */
public enum Action {
  SNAPSHOT(0),
  CLICK(1),
  STAY(2),
  CONVERSION(3),
  WINDOW_CLOSE(4),
  CORRECTION(5),
  /** The label window is over: the impression's labels enter the statistics. */
  MATURE(6),
  /** A new version of the user's attributes. */
  ATTRIBUTES(7),
  /** The impression is forgotten. */
  EXPIRE(8),
  /** Nothing is due. */
  NOTHING(9);

  private static final Action[] BY_CODE = values();

  private final int code;

  Action(int code) {
    this.code = code;
  }

  /** The stable code in packed records. */
  public int code() {
    return code;
  }

  /** The action of a code that was checked. */
  public static Action of(int code) {
    return BY_CODE[code]; // declared in the order of codes; ActionTest holds it
  }
}

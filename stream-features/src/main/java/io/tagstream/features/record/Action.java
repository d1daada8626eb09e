package io.tagstream.features.record;

import io.tagstream.features.bytes.RecordFormatException;

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

  private static final Action[] BY_CODE = byCode();

  private final int code;

  Action(int code) {
    this.code = code;
  }

  /** The stable code in packed records. */
  public int code() {
    return code;
  }

  /**
   * The action of a code.
   *
   * @throws RecordFormatException when no action has this code
   */
  public static Action of(int code) {
    if (code < 0 || code >= BY_CODE.length) {
      throw new RecordFormatException(
          "the action code " + code + " is unknown; known are 0 to " + (BY_CODE.length - 1));
    }
    return BY_CODE[code];
  }

  private static Action[] byCode() {
    Action[] actions = new Action[values().length];
    for (Action action : values()) {
      actions[action.code] = action;
    }
    return actions;
  }
}

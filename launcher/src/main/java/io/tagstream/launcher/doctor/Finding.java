package io.tagstream.launcher.doctor;

/**
 * What a check found.
 *
 * @param check what was looked at
 * @param state whether it is right
 * @param detail what was found and, unless it is right, the next step
 */
public record Finding(String check, State state, String detail) {

  /** Whether what was found is right. */
  public enum State {
    OK,
    /** Works, with a drawback. */
    WARNING,
    /** Will not work. */
    FAILED
  }

  static Finding ok(String check, String detail) {
    return new Finding(check, State.OK, detail);
  }

  static Finding warning(String check, String detail) {
    return new Finding(check, State.WARNING, detail);
  }

  static Finding failed(String check, String detail) {
    return new Finding(check, State.FAILED, detail);
  }
}

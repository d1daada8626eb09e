package io.tagstream.subscriber;

/** Where the first start in a directory begins to read; every later one goes on from there. */
public enum StartFrom {
  /** All profiles that the topic holds. */
  BEGINNING(1),
  /** What is published from now on. */
  NOW(2);

  private final int code;

  StartFrom(int code) {
    this.code = code;
  }

  /** As it is stored. */
  int code() {
    return code;
  }

  static StartFrom of(int code) {
    for (StartFrom each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new IllegalStateException("start: unknown code " + code);
  }
}

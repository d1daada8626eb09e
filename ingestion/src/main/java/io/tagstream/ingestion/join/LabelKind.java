package io.tagstream.ingestion.join;

/** What made labels known; the names are those of the published emission. */
public enum LabelKind {
  /** The first click. */
  CLICK,
  /** The stay. */
  STAY,
  /** The first conversion of a task's types within the window. */
  CONVERSION,
  /** The window's end: whatever is still unknown is negative. */
  WINDOW_CLOSE,
  /** The first conversion of a task's types after the window: takes back its negative. */
  CORRECTION
}

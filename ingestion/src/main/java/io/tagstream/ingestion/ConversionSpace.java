package io.tagstream.ingestion;

/** Which impressions have conversion labels ({@code labels.conversion-space}). */
public enum ConversionSpace {
  /** Every impression: a conversion may come without a click. */
  ALL,
  /**
   * Clicked impressions alone: without a click there is no conversion label, not even a negative.
   */
  CLICKED
}

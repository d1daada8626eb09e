package io.tagstream.ingestion;

/** Where an impression's tags come from ({@code impressions.tags}). */
public enum TagSource {
  /** The impression carries them; records of the topic {@code items} are counted and dropped. */
  INLINE,
  /** The topic {@code items} has them; impressions without tags wait for the watermark. */
  ITEMS
}

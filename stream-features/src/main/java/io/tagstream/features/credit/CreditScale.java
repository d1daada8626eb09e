package io.tagstream.features.credit;

/** The unit of {@code V}. */
public enum CreditScale {
  /** Clicks. */
  COUNT,
  /** Share of the user's clicks on items with tags. */
  SHARE
}

package io.tagstream.features.credit;

/**
 * What {@code V(S)}, "the amount of clicks on the corresponding tag set", counts (CTMVM, eq. 1).
 */
public enum CreditReading {
  /** Clicks on items whose tag set equals S. */
  EQUAL,
  /** Clicks on items whose tag set lies within S. */
  SUBSET,
  /** Clicks on items that have at least one tag of S. */
  SHARING,
  /** Clicks on items that have all tags of S; 0 for the empty S. */
  CONTAINING
}

package io.tagstream.features.stay;

/** Sorts stays into bins; the label is the bin, scaled to [0, 1]. */
public interface StayBins {

  /** Number of bins, at least 2. */
  int bins();

  /**
   * The bin of a stay, from 0.
   *
   * @param stayMillis length of the stay, not negative
   */
  int bin(long stayMillis);

  /** The label of a stay: bin / (bins − 1). */
  default float label(long stayMillis) {
    return bin(stayMillis) / (float) (bins() - 1);
  }
}

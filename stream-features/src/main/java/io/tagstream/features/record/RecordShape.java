package io.tagstream.features.record;

import io.tagstream.features.history.TagHistory;

/**
 * The sizes a packed record is laid out by; all of them follow from the configuration, whose digest
 * a record carries.
 *
 * @param digest digest of the feature schema; a record of another one is refused
 * @param tasks number of tasks
 * @param attributes number of configured user attributes
 * @param privileged number of privileged fields
 * @param context number of context fields (scene, entity, further keys)
 * @param clickedFields number of privileged fields that the click history remembers
 * @param maxClicks clicks remembered at most
 * @param maxShown shown items remembered at most
 * @param maxTags tags remembered of one item at most
 * @param labelWindowMillis from the impression to the maturity of its labels
 * @param horizonMillis from a clicked impression to its last correction
 * @param keepPositive whether any positive keeps a snapshot open beyond the label window, not only
 *     a click
 * @param retentionMillis from a user's last fact to the end of the record
 */
public record RecordShape(
    long digest,
    int tasks,
    int attributes,
    int privileged,
    int context,
    int clickedFields,
    int maxClicks,
    int maxShown,
    int maxTags,
    long labelWindowMillis,
    long horizonMillis,
    boolean keepPositive,
    long retentionMillis) {

  /** Kept impressions are forgotten this often within a horizon, many at a time. */
  private static final int SWEEPS_PER_HORIZON = 16;

  /** A history of clicked items, empty. */
  public TagHistory clickedItems() {
    return new TagHistory(maxClicks, maxTags, clickedFields);
  }

  /** A history of shown items, empty. */
  public TagHistory shownItems() {
    return new TagHistory(maxShown, maxTags, 0);
  }

  /** When a kept impression is to be forgotten at the latest; many share one time. */
  public long keptDueMillis(long impressionTimeMillis) {
    long step = Math.max(1, horizonMillis / SWEEPS_PER_HORIZON);
    return -Math.floorDiv(-(impressionTimeMillis + horizonMillis), step) * step;
  }
}

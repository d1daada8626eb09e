package io.tagstream.features.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Impressions of the user in hand whose label window is over and that a correction may still reach,
 * packed, by the hash of their id. They lie beside the user's record, not in it: a user may have
 * hundreds of them, and the record is read and written with every event.
 */
public interface KeptImpressions {

  /** The impression of this id; null when it is not kept. */
  byte @Nullable [] get(long impressionId);

  /** Keeps an impression. */
  void put(long impressionId, byte[] packed);

  /** Forgets an impression. */
  void remove(long impressionId);

  /** The ids of all of them; a copy, in any order. */
  List<Long> ids();
}

package io.tagstream.ingestion.join;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Closed impressions of the user in hand that stay known until the attribution horizon, packed, by
 * id. They lie beside {@link UserImpressions}, not in it: a user may have hundreds of them, and
 * what is open is read and written with every event.
 */
public interface KeptImpressions {

  /** The impression of this id; null when it is not kept. */
  byte @Nullable [] get(String impressionId);

  /** Keeps an impression. */
  void put(String impressionId, byte[] packed);

  /** Forgets an impression. */
  void remove(String impressionId);

  /** The ids of all of them; a copy, in any order. */
  List<String> ids();
}

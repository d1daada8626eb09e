package io.tagstream.features.transition;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.history.ClickHistory;
import io.tagstream.features.record.OpenImpression;

/** Puts a clicked impression into a click history. */
final class ClickValues {

  /** Places of the remembered fields among the privileged ones. */
  private final int[] places;

  private final int[] values;

  ClickValues(FeaturesConfig config) {
    this.places =
        config.fields().clicked().stream()
            .mapToInt(field -> config.fields().privileged().indexOf(field))
            .toArray();
    this.values = new int[places.length];
  }

  void insert(ClickHistory history, OpenImpression clicked, long clickTimeMillis) {
    for (int field = 0; field < places.length; field++) {
      values[field] = clicked.privileged()[places[field]];
    }
    int id = Long.hashCode(clicked.id()); // orders clicks of one millisecond, whatever came first
    history.insert(clickTimeMillis, id, clicked.tags(), clicked.tagCount(), values);
  }
}

package io.tagstream.features.transition;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.history.TagHistory;
import io.tagstream.features.record.OpenImpression;

/** Puts impressions into the histories of clicked and of shown items. */
final class ItemHistories {

  /** Places of the remembered fields among the privileged ones. */
  private final int[] places;

  private final int[] values;

  ItemHistories(FeaturesConfig config) {
    this.places =
        config.fields().clicked().stream()
            .mapToInt(field -> config.fields().privileged().indexOf(field))
            .toArray();
    this.values = new int[places.length];
  }

  void insertClicked(TagHistory history, OpenImpression clicked, long clickTimeMillis) {
    for (int field = 0; field < places.length; field++) {
      values[field] = clicked.privileged()[places[field]];
    }
    insert(history, clicked, clickTimeMillis);
  }

  /** Items without tags have nothing to say there. */
  void insertShown(TagHistory history, OpenImpression shown) {
    if (shown.tagCount() > 0) {
      insert(history, shown, shown.timeMillis());
    }
  }

  private void insert(TagHistory history, OpenImpression item, long timeMillis) {
    int id = Long.hashCode(item.id()); // orders items of one millisecond, whatever came first
    history.insert(timeMillis, id, item.tags(), item.tagCount(), values);
  }
}

package io.tagstream.launcher.world;

import io.tagstream.launcher.world.Behaviour.Scene;
import io.tagstream.launcher.world.ItemCatalog.CatalogItem;
import java.util.List;

/**
 * What a user is shown: mostly what is popular, some of anything, and what they search for
 * themselves.
 */
final class Exposure {

  private static final double SEARCH_SHARE = 0.12;
  private static final double EXPLORATION_SHARE = 0.30;
  private static final double RELATED_SHARE = 0.15;

  /** An item in a scene. */
  record Shown(CatalogItem item, Scene scene) {}

  private final ItemCatalog catalog;

  Exposure(ItemCatalog catalog) {
    this.catalog = catalog;
  }

  Shown draw(List<Integer> likedTopics, SeededRandom random) {
    if (random.chance(SEARCH_SHARE)) {
      int topic = likedTopics.get(random.nextInt(likedTopics.size()));
      return new Shown(catalog.drawOfTopic(topic, random), Scene.SEARCH);
    }
    Scene scene = random.chance(RELATED_SHARE) ? Scene.RELATED : Scene.FEED;
    return new Shown(
        random.chance(EXPLORATION_SHARE) ? catalog.drawAny(random) : catalog.drawPopular(random),
        scene);
  }
}

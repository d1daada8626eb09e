package io.tagstream.launcher.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tags, topics and items of a planted world, and how popular they are.
 *
 * <p>A tag's popularity is Zipf by a random rank and decides how many items carry it; an item's is
 * Zipf by a random rank and decides how often it is shown. Who likes what depends on neither.
 */
final class ItemCatalog {

  private static final String[] TOPIC_WORDS = {
    "jazz",
    "rock",
    "folk",
    "opera",
    "chess",
    "poker",
    "puzzles",
    "football",
    "tennis",
    "cycling",
    "running",
    "climbing",
    "sailing",
    "surfing",
    "skiing",
    "yoga",
    "baking",
    "coffee",
    "tea",
    "wine",
    "sushi",
    "vegan",
    "barbecue",
    "gardening",
    "birds",
    "cats",
    "dogs",
    "horses",
    "aquarium",
    "hiking",
    "camping",
    "rail",
    "aviation",
    "space",
    "robots",
    "physics",
    "history",
    "maps",
    "languages",
    "poetry",
    "novels",
    "comics",
    "anime",
    "film",
    "theatre",
    "dance",
    "painting",
    "pottery",
    "sewing",
    "woodwork",
    "cars",
    "motorbikes",
    "fishing",
    "travel",
    "fashion",
    "makeup",
    "parenting",
    "finance",
    "coding",
    "gaming"
  };
  private static final String[] FACETS = {"basics", "gear", "stories", "news"};
  private static final double TAG_ZIPF = 0.8;
  private static final double ITEM_ZIPF = 0.6;
  private static final int CREATORS = 200;

  /** Share of items whose topic is drawn uniformly, so that every topic has some. */
  private static final double NICHE_SHARE = 0.4;

  /**
   * What is shown.
   *
   * @param id item id
   * @param tags its tags, each once; read-only
   * @param topics the topic of each tag
   * @param privileged category and creator; read-only
   */
  record CatalogItem(
      String id, List<String> tags, List<Integer> topics, Map<String, String> privileged) {}

  private final List<List<String>> tagsByTopic = new ArrayList<>();
  private final double[] tagPopularity;
  private final CatalogItem[] items;
  private final AliasTable shownByPopularity;
  private final int[][] itemsByTopic;

  ItemCatalog(PlantedWorldConfig config) {
    SeededRandom random = new SeededRandom(config.seed(), "catalog", 0);
    for (int topic = 0; topic < config.topics(); topic++) {
      List<String> tags = new ArrayList<>();
      for (int facet = 0; facet < config.tagsPerTopic(); facet++) {
        tags.add(word(TOPIC_WORDS, topic) + '/' + word(FACETS, facet));
      }
      tagsByTopic.add(List.copyOf(tags));
    }
    tagPopularity = zipf(config.topics() * config.tagsPerTopic(), TAG_ZIPF, random);
    items = new CatalogItem[config.items()];
    List<List<Integer>> byTopic = new ArrayList<>();
    for (int topic = 0; topic < config.topics(); topic++) {
      byTopic.add(new ArrayList<>());
    }
    ItemDrawing drawing = new ItemDrawing(config, random);
    for (int i = 0; i < items.length; i++) {
      // The first items go round the topics: a search finds something in every one.
      int topic = i < config.topics() ? i : drawing.topic();
      items[i] = drawing.item("v" + i, topic);
      byTopic.get(topic).add(i);
    }
    shownByPopularity = new AliasTable(zipf(items.length, ITEM_ZIPF, random));
    itemsByTopic =
        byTopic.stream()
            .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
  }

  /** The tags of a topic. */
  List<String> tags(int topic) {
    return tagsByTopic.get(topic);
  }

  /** Relative popularity of the tag with this number in its topic. */
  double popularity(int topic, int tag) {
    return tagPopularity[topic * tagsByTopic.get(topic).size() + tag];
  }

  CatalogItem drawPopular(SeededRandom random) {
    return items[shownByPopularity.draw(random)];
  }

  CatalogItem drawAny(SeededRandom random) {
    return items[random.nextInt(items.length)];
  }

  CatalogItem drawOfTopic(int topic, SeededRandom random) {
    int[] candidates = itemsByTopic[topic];
    return items[candidates[random.nextInt(candidates.length)]];
  }

  /**
   * Of two entries, in one order in every JVM, which {@link Map#of} has not: bytes follow from it.
   */
  static Map<String, String> ordered(String key1, String value1, String key2, String value2) {
    Map<String, String> map = new LinkedHashMap<>();
    map.put(key1, value1);
    map.put(key2, value2);
    return Collections.unmodifiableMap(map);
  }

  private static String word(String[] words, int index) {
    int round = index / words.length;
    return words[index % words.length] + (round == 0 ? "" : String.valueOf(round + 1));
  }

  /** Zipf weights in a random order of ranks. */
  private static double[] zipf(int size, double exponent, SeededRandom random) {
    double[] weights = new double[size];
    for (int rank = 0; rank < size; rank++) {
      weights[rank] = StrictMath.pow(rank + 1.0, -exponent);
    }
    for (int i = size - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double swapped = weights[i];
      weights[i] = weights[j];
      weights[j] = swapped;
    }
    return weights;
  }

  /** Draws what an item is about: one to three tags of its topic, up to two from anywhere. */
  private final class ItemDrawing {

    private final int tagsPerTopic;
    private final SeededRandom random;
    private final AliasTable anyTag;
    private final AliasTable[] tagOfTopic;
    private final AliasTable topics;

    ItemDrawing(PlantedWorldConfig config, SeededRandom random) {
      this.tagsPerTopic = config.tagsPerTopic();
      this.random = random;
      anyTag = new AliasTable(tagPopularity);
      tagOfTopic = new AliasTable[config.topics()];
      double[] topicWeights = new double[config.topics()];
      for (int topic = 0; topic < config.topics(); topic++) {
        double[] weights = new double[tagsPerTopic];
        for (int tag = 0; tag < tagsPerTopic; tag++) {
          weights[tag] = popularity(topic, tag);
          topicWeights[topic] += weights[tag];
        }
        tagOfTopic[topic] = new AliasTable(weights);
      }
      topics = new AliasTable(topicWeights);
    }

    int topic() {
      return random.chance(NICHE_SHARE) ? random.nextInt(tagOfTopic.length) : topics.draw(random);
    }

    CatalogItem item(String id, int topic) {
      Set<Integer> tags = new LinkedHashSet<>();
      int own = 1 + random.nextInt(3);
      for (int i = 0; i < own; i++) {
        // Half by popularity, half evenly: the rare tags of a topic occur too.
        int tag =
            random.chance(0.5) ? tagOfTopic[topic].draw(random) : random.nextInt(tagsPerTopic);
        tags.add(topic * tagsPerTopic + tag);
      }
      int foreign = random.nextInt(3);
      for (int i = 0; i < foreign; i++) {
        tags.add(anyTag.draw(random));
      }
      List<String> names = new ArrayList<>();
      tags.forEach(tag -> names.add(tagsByTopic.get(tag / tagsPerTopic).get(tag % tagsPerTopic)));
      return new CatalogItem(
          id,
          List.copyOf(names),
          tags.stream().map(tag -> tag / tagsPerTopic).toList(),
          ordered("category", word(TOPIC_WORDS, topic), "creator", "c" + random.nextInt(CREATORS)));
    }
  }
}

package io.tagstream.features.snapshot;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.history.TagHistory;
import io.tagstream.features.window.Window;
import io.tagstream.schemas.FeatureIds;
import io.tagstream.schemas.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * The user fields in order, with all that decides which ids are in them. Equal settings give an
 * equal digest, for ever; models name it, and refuse samples of another.
 *
 * <p>Order: user attributes; last clicked tags; most clicked tags; most shown tags; last clicked
 * values per configured privileged field; mean label per task and window; activity per window; hour
 * of the day (UTC); scene; entity; further context fields.
 */
public final class FeatureSchema {

  /** Vocabulary of an item's field, shared by privileged fields and the user's clicked values. */
  private static final String ITEM_VOCABULARY = "item.";

  private static final int VERSION = 2;

  /** How a field's content comes about. */
  public enum Kind {
    /** One id or none. */
    SINGLE,
    /** Up to {@code limit} ids, newest or most frequent first; an id may stand several times. */
    BAG,
    /** The number of a bucket below {@code limit}, or none. */
    BUCKET
  }

  /**
   * One user field.
   *
   * @param name unique name, as in reports of feature importance
   * @param kind how its content comes about
   * @param vocabulary where its ids come from
   * @param limit largest number of ids, or number of buckets
   */
  public record Field(String name, Kind kind, String vocabulary, int limit) {}

  private final List<Field> fields;
  private final List<String> privileged;
  private final long digest;

  private FeatureSchema(List<Field> fields, List<String> privileged, long digest) {
    this.fields = List.copyOf(fields);
    this.privileged = List.copyOf(privileged);
    this.digest = digest;
  }

  /** The schema that these settings make. */
  public static FeatureSchema of(FeaturesConfig config) {
    List<Field> fields = new ArrayList<>();
    FeaturesConfig.Fields names = config.fields();
    for (String attribute : names.userAttributes()) {
      fields.add(single("user." + attribute));
    }
    fields.add(bag("clicked.tags", FeatureIds.TAG_VOCABULARY, names.lastTags()));
    fields.add(repeating("top.tags", names.topTags(), config.credit().maxClicks()));
    fields.add(repeating("shown.tags", names.shownTags(), names.maxShown()));
    for (String field : names.clicked()) {
      fields.add(bag("clicked." + field, ITEM_VOCABULARY + field, names.lastValues()));
    }
    for (Task task : config.tasks()) {
      for (Window window : Window.values()) {
        fields.add(bucket("mean." + task.name() + "." + window.label(), Buckets.MEANS));
      }
    }
    for (Window window : Window.values()) {
      fields.add(bucket("activity." + window.label(), Buckets.COUNTS));
    }
    fields.add(bucket("hour", Buckets.HOURS));
    fields.add(single("scene"));
    fields.add(single("entity"));
    for (String key : names.context()) {
      fields.add(single("context." + key));
    }
    StringBuilder text = new StringBuilder("feature schema ").append(VERSION);
    for (Field field : fields) {
      text.append('\n').append(field.name()).append(' ').append(field.kind().name());
      text.append(' ').append(field.vocabulary()).append(' ').append(field.limit());
    }
    text.append("\nprivileged ").append(String.join(" ", names.privileged()));
    text.append("\nbuckets ").append(Buckets.describe());
    text.append("\nclicks ").append(config.credit().clickWindow().toMillis());
    text.append(' ').append(config.credit().maxClicks());
    text.append(' ').append(config.credit().maxTags());
    text.append("\nshown ").append(names.maxShown());
    text.append("\nstays");
    FeaturesConfig.Stays stays = config.labels().stays();
    stays.edges().forEach(edge -> text.append(' ').append(edge.toMillis()));
    if (stays.binning() == FeaturesConfig.StayBinning.QUANTILES) {
      text.append(" quantiles ").append(stays.binCount());
      text.append(' ').append(stays.history().toMillis());
    }
    return new FeatureSchema(
        fields, names.privileged(), FeatureIds.of("feature schema", text.toString()));
  }

  /** The user fields, in order. */
  public List<Field> fields() {
    return fields;
  }

  /** Names of the privileged fields, in order. */
  public List<String> privileged() {
    return privileged;
  }

  /** The stable digest: {@code featureSchemaVersion} of samples and score requests. */
  public long digest() {
    return digest;
  }

  /** Largest number of codes a packed snapshot takes. */
  int maxCodes() {
    return fields.stream().mapToInt(f -> f.kind() == Kind.BAG ? 1 + f.limit() : 1).sum();
  }

  /** Id of a value of an item's privileged field. */
  public static long privilegedId(String field, String value) {
    return FeatureIds.of(ITEM_VOCABULARY + field, value);
  }

  private static Field single(String name) {
    return new Field(name, Kind.SINGLE, name, 1);
  }

  private static Field bag(String name, String vocabulary, int limit) {
    return new Field(name, Kind.BAG, vocabulary, limit);
  }

  /** The most frequent tags among so many items, repeated. */
  private static Field repeating(String name, int tags, int items) {
    return bag(name, FeatureIds.TAG_VOCABULARY, tags * TagHistory.times(items));
  }

  private static Field bucket(String name, int buckets) {
    return new Field(name, Kind.BUCKET, name, buckets);
  }
}

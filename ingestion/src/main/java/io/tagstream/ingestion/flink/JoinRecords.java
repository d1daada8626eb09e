package io.tagstream.ingestion.flink;

import io.tagstream.ingestion.TagSource;
import io.tagstream.ingestion.join.Engagement;
import io.tagstream.ingestion.join.LabelFact;
import io.tagstream.ingestion.join.LabelKind;
import io.tagstream.ingestion.join.RecordSource;
import io.tagstream.ingestion.join.Refusal;
import io.tagstream.ingestion.join.Shown;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.Opened;
import io.tagstream.schemas.Origin;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.Task;
import io.tagstream.schemas.TaskLabel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import net.openhft.hashing.LongHashFunction;
import org.jspecify.annotations.Nullable;

/** Translates between the records of the seams and those of the label join. */
final class JoinRecords {

  /** Digests are kept in state: function and seed never change. */
  private static final LongHashFunction DIGEST = LongHashFunction.xx3(0x696d_7072_6573_7369L);

  private final List<Task> tasks;
  private final boolean tagsBelongToContent;

  /**
   * A translation.
   *
   * @param tagSource joined tags are no content of the impression: the item may have changed
   *     between two copies of it
   */
  JoinRecords(List<Task> tasks, TagSource tagSource) {
    this.tasks = tasks;
    this.tagsBelongToContent = tagSource == TagSource.INLINE;
  }

  /** What the join reads of an impression. */
  Shown shown(Impression impression) {
    return new Shown(
        impression.getImpressionId(), impression.getEventTimeMillis(), digest(impression));
  }

  /** The engagement in a record; null when it holds none. */
  static @Nullable Engagement engagement(InputRecord record) {
    Object body = record.getBody();
    if (body instanceof Click click) {
      return Engagement.click(
          click.getImpressionId(), click.getEventTimeMillis(), source(record.getOrigin()));
    }
    if (body instanceof Stay stay) {
      return Engagement.stay(
          stay.getImpressionId(),
          stay.getEventTimeMillis(),
          stay.getStayMillis(),
          source(record.getOrigin()));
    }
    if (body instanceof Conversion conversion) {
      return Engagement.conversion(
          conversion.getImpressionId(),
          conversion.getEventTimeMillis(),
          conversion.getConversionType(),
          conversion.getValue(),
          source(record.getOrigin()));
    }
    return null;
  }

  /** The record an engagement was made of. */
  static InputRecord record(String userId, Engagement engagement) {
    RecordSource source = engagement.source();
    String impressionId = engagement.impressionId();
    long timeMillis = engagement.timeMillis();
    Object body =
        switch (engagement.kind()) {
          case CLICK -> new Click(userId, impressionId, timeMillis);
          case STAY -> new Stay(userId, impressionId, timeMillis, engagement.stayMillis());
          case CONVERSION ->
              new Conversion(
                  userId,
                  impressionId,
                  timeMillis,
                  engagement.conversionType(),
                  engagement.worth());
        };
    return new InputRecord(
        new Origin(source.topic(), source.partition(), source.offset(), source.appendTimeMillis()),
        body);
  }

  /** The fact that an impression was opened; shares the impression's maps, as none is changed. */
  static Opened opened(Impression impression, boolean late) {
    List<String> tags = impression.getTags();
    return Opened.newBuilder()
        .setUserId(impression.getUserId())
        .setImpressionId(impression.getImpressionId())
        .setItemId(impression.getItemId())
        .setEntity(impression.getEntity())
        .setImpressionTimeMillis(impression.getEventTimeMillis())
        .setPosition(impression.getPosition())
        .setScene(impression.getScene())
        .setContext(impression.getContext())
        .setTags(tags == null ? List.of() : eachOnce(tags))
        .setPrivileged(impression.getPrivileged())
        .setLate(late)
        .build();
  }

  /** Labels that became known. */
  LabeledImpression labeled(String userId, LabelFact fact) {
    List<TaskLabel> labels = new ArrayList<>(fact.labels().size());
    for (LabelFact.Value label : fact.labels()) {
      labels.add(new TaskLabel(tasks.get(label.task()).name(), label.value()));
    }
    return new LabeledImpression(
        userId,
        fact.impressionId(),
        fact.impressionTimeMillis(),
        emission(fact.kind()),
        labels,
        fact.timeMillis(),
        fact.appendTimeMillis(),
        fact.late(),
        fact.revision());
  }

  private static Emission emission(LabelKind kind) {
    return switch (kind) {
      case CLICK -> Emission.CLICK;
      case STAY -> Emission.STAY;
      case CONVERSION -> Emission.CONVERSION;
      case WINDOW_CLOSE -> Emission.WINDOW_CLOSE;
      case CORRECTION -> Emission.CORRECTION;
    };
  }

  /** The published reason. */
  static DeadLetterReason reason(Refusal.Reason reason) {
    return switch (reason) {
      case UNKNOWN_IMPRESSION -> DeadLetterReason.UNKNOWN_IMPRESSION;
      case LATE_CLICK -> DeadLetterReason.LATE_CLICK;
      case LATE_STAY -> DeadLetterReason.LATE_STAY;
      case LATE_CONVERSION -> DeadLetterReason.LATE_CONVERSION;
      case LATE_IMPRESSION -> DeadLetterReason.LATE_IMPRESSION;
      case BEFORE_IMPRESSION -> DeadLetterReason.BEFORE_IMPRESSION;
      case CONFLICTING_CONTENT -> DeadLetterReason.CONFLICTING_CONTENT;
      case USER_DELETED -> DeadLetterReason.USER_DELETED;
    };
  }

  private static RecordSource source(Origin origin) {
    return new RecordSource(
        origin.getTopic(), origin.getPartition(), origin.getOffset(), origin.getAppendTimeMillis());
  }

  private static List<String> eachOnce(List<String> tags) {
    Set<String> once = new LinkedHashSet<>(tags);
    return once.size() == tags.size() ? tags : List.copyOf(once);
  }

  /** Every field counts; lengths keep neighbours apart, and maps go by name, not as they came. */
  private long digest(Impression impression) {
    StringBuilder content = new StringBuilder(128);
    append(content, impression.getItemId());
    append(content, impression.getEntity());
    append(content, Objects.toString(impression.getPosition(), ""));
    append(content, Objects.toString(impression.getScene(), ""));
    append(content, impression.getContext());
    if (tagsBelongToContent) {
      List<String> tags = impression.getTags();
      content.append(tags == null ? -1 : tags.size()).append('#');
      if (tags != null) {
        tags.forEach(tag -> append(content, tag));
      }
      append(content, impression.getPrivileged());
    }
    return DIGEST.hashChars(content);
  }

  private static void append(StringBuilder content, Map<String, String> fields) {
    content.append(fields.size()).append('#');
    Map<String, String> byName = fields.size() < 2 ? fields : new TreeMap<>(fields);
    byName.forEach(
        (name, value) -> {
          append(content, name);
          append(content, value);
        });
  }

  private static void append(StringBuilder content, String field) {
    content.append(field.length()).append(':').append(field);
  }
}

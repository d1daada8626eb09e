package io.tagstream.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Item;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserDeletion;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** Somebody's own names, nesting, units and times, on every topic. */
final class ForeignJson implements JsonShape {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CLOCK = "yyyy-MM-dd HH:mm:ss.SSS";
  private static final DateTimeFormatter SHANGHAI =
      DateTimeFormatter.ofPattern(CLOCK).withZone(ZoneId.of("Asia/Shanghai"));

  private static final String ENGAGEMENT =
      "userId: who, impressionId: request, eventTimeMillis: {path: at, format: ";

  private static final Map<String, String> OF_ENGAGEMENTS =
      Map.of(
          "userId", "who",
          "impressionId", "request",
          "eventTimeMillis", "at",
          "stayMillis", "seconds",
          "conversionType", "kind",
          "value", "amount");

  private static final Map<Topic, Map<String, String>> PATHS =
      Map.of(
          Topic.IMPRESSIONS,
          Map.of(
              "userId", "viewer.id",
              "impressionId", "request",
              "itemId", "content.id",
              "eventTimeMillis", "at",
              "entity", "content.kind",
              "tags", "content.labels"),
          Topic.CLICKS,
          OF_ENGAGEMENTS,
          Topic.STAYS,
          OF_ENGAGEMENTS,
          Topic.CONVERSIONS,
          OF_ENGAGEMENTS,
          Topic.ITEMS,
          Map.of("itemId", "id", "eventTimeMillis", "since", "entity", "kind", "tags", "labels"),
          Topic.USERS,
          Map.of("userId", "who", "eventTimeMillis", "at"),
          Topic.USER_DELETIONS,
          Map.of("userId", "who", "eventTimeMillis", "at"));

  @Override
  public String mapping() {
    return """
    mapping:
      impressions:
        userId: viewer.id
        impressionId: request
        itemId: content.id
        eventTimeMillis: {path: at, format: iso-8601}
        entity: {path: content.kind, values: {1: item}}
        tags: {path: content.labels, separator: ';'}
        context: {device: client.device}
        privileged: {category: content.category, creator: content.author}
      clicks: {%1$siso-8601}}
      stays: {%1$siso-8601}, stayMillis: {path: seconds, scale: 1000}}
      conversions:
        {%1$sepoch-seconds}, conversionType: {path: kind, values: {buy: purchase}}, value: amount}
      items:
        itemId: id
        eventTimeMillis: {path: since, format: '%2$s', zone: Asia/Shanghai}
        entity: {path: kind, values: {1: item}}
        tags: {path: labels, element: name}
        privileged: {category: category, creator: author}
      users:
        userId: who
        eventTimeMillis: {path: at, format: iso-8601}
        attributes: {ageGroup: age, region: place.region}
      user-deletions: {userId: who, eventTimeMillis: {path: at, format: iso-8601}}
    """
        .formatted(ENGAGEMENT, CLOCK);
  }

  @Override
  public String path(Topic topic, String field) {
    return PATHS.get(topic).getOrDefault(field, field);
  }

  @Override
  public ObjectNode tree(Topic topic, SpecificRecordBase record) {
    if (record instanceof Impression shown) {
      return impression(shown);
    }
    if (record instanceof Click click) {
      return engagement(click.getUserId(), click.getImpressionId())
          .put("at", iso(click.getEventTimeMillis()));
    }
    if (record instanceof Stay stay) {
      return engagement(stay.getUserId(), stay.getImpressionId())
          .put("at", iso(stay.getEventTimeMillis()))
          .put("seconds", BigDecimal.valueOf(stay.getStayMillis(), 3));
    }
    if (record instanceof Conversion conversion) {
      String type = conversion.getConversionType();
      return engagement(conversion.getUserId(), conversion.getImpressionId())
          .put("at", BigDecimal.valueOf(conversion.getEventTimeMillis(), 3))
          .put("kind", type.equals("purchase") ? "buy" : type)
          .put("amount", conversion.getValue());
    }
    if (record instanceof Item item) {
      return item(item);
    }
    if (record instanceof User user) {
      ObjectNode tree = JSON.createObjectNode().put("who", user.getUserId());
      tree.put("at", iso(user.getEventTimeMillis()));
      put(tree, "age", user.getAttributes().get("ageGroup"));
      put(tree.putObject("place"), "region", user.getAttributes().get("region"));
      return tree;
    }
    UserDeletion deletion = (UserDeletion) record;
    return JSON.createObjectNode()
        .put("who", deletion.getUserId())
        .put("at", iso(deletion.getEventTimeMillis()));
  }

  private static ObjectNode impression(Impression shown) {
    ObjectNode tree = JSON.createObjectNode().put("request", shown.getImpressionId());
    tree.putObject("viewer").put("id", shown.getUserId());
    tree.put("at", iso(shown.getEventTimeMillis()));
    tree.put("position", shown.getPosition());
    put(tree, "scene", shown.getScene());
    put(tree.putObject("client"), "device", shown.getContext().get("device"));
    ObjectNode content = tree.putObject("content").put("id", shown.getItemId());
    kind(content, shown.getEntity());
    if (shown.getTags() != null) {
      content.put("labels", String.join("; ", shown.getTags()));
    }
    privileged(content, shown.getPrivileged());
    return tree;
  }

  private static ObjectNode item(Item item) {
    ObjectNode tree = JSON.createObjectNode().put("id", item.getItemId());
    tree.put("since", SHANGHAI.format(Instant.ofEpochMilli(item.getEventTimeMillis())));
    kind(tree, item.getEntity());
    item.getTags()
        .forEach(tag -> tree.withArray("labels").addObject().put("name", tag).put("weight", 1));
    privileged(tree, item.getPrivileged());
    return tree;
  }

  private static ObjectNode engagement(String userId, String impressionId) {
    return JSON.createObjectNode().put("who", userId).put("request", impressionId);
  }

  private static void privileged(ObjectNode tree, Map<String, String> privileged) {
    put(tree, "category", privileged.get("category"));
    put(tree, "author", privileged.get("creator"));
  }

  private static void kind(ObjectNode tree, String entity) {
    if (entity.equals("item")) {
      tree.put("kind", 1);
    } else {
      tree.put("kind", entity);
    }
  }

  private static void put(ObjectNode tree, String name, @Nullable String value) {
    if (value != null) {
      tree.put(name, value);
    }
  }

  private static String iso(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}

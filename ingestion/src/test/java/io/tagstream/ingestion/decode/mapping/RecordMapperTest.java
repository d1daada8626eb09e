package io.tagstream.ingestion.decode.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.User;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordMapperTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long T = 1_700_000_000_123L; // 2023-11-14T22:13:20.123Z

  private final Map<String, FieldRule> rules = new LinkedHashMap<>();

  @Test
  void canonicalRecordsNeedNoRules() throws Exception {
    assertThat(
            map(
                Impression.class,
                """
                {"userId": "u", "impressionId": "i", "itemId": "x", "eventTimeMillis": 1700000000123,
                 "position": 3, "context": {"device": "phone"}, "tags": ["a", "b"], "more": [1]}
                """))
        .isEqualTo(
            Impression.newBuilder()
                .setUserId("u")
                .setImpressionId("i")
                .setItemId("x")
                .setEventTimeMillis(T)
                .setPosition(3)
                .setContext(Map.of("device", "phone"))
                .setTags(List.of("a", "b"))
                .build());
  }

  @Test
  void foreignNamesPathsAndPointers() throws Exception {
    rules.put("userId", FieldRule.at("user.ids.0"));
    rules.put("impressionId", FieldRule.at("/request~1id"));
    rules.put("eventTimeMillis", FieldRule.at("at"));
    assertThat(
            map(
                Click.class,
                "{\"user\": {\"ids\": [17]}, \"request/id\": \"r\", \"at\": \"" + T + "\"}"))
        .isEqualTo(new Click("17", "r", T));
    rules.put("impressionId", FieldRule.at("a/b~c.d"));
    rules.put("eventTimeMillis", FieldRule.at("n.1"));
    assertThat(
            map(
                Click.class,
                "{\"user\": {\"ids\": [17]}, \"a/b~c\": {\"d\": \"r\"}, \"n\": {\"1\": "
                    + T
                    + "}}"))
        .as("slashes and tildes in names, and numbers that are names")
        .isEqualTo(new Click("17", "r", T));
  }

  @Test
  void fieldsOfListsAndObjects() throws Exception {
    rules.put("tags", rule("labels", null, "name"));
    rules.put("entity", values("kind", Map.of("1", "video", "2", "live"), "item"));
    rules.put(
        "privileged",
        entries(Map.of("creator", FieldRule.at("author.id"), "category", FieldRule.at("cat"))));
    String record =
        """
        {"userId": "u", "impressionId": "i", "itemId": 9, "eventTimeMillis": 1, "kind": 2,
         "labels": [{"name": "a"}, {"name": "b"}], "author": {"id": 5}}
        """;
    Impression impression = map(Impression.class, record);
    assertThat(impression.getTags()).isEqualTo(List.of("a", "b"));
    assertThat(impression.getEntity()).isEqualTo("live");
    assertThat(impression.getPrivileged()).isEqualTo(Map.of("creator", "5"));
    assertThat(impression.getItemId()).isEqualTo("9");
    rules.put("tags", rule("labels", "|", null));
    assertThat(map(Impression.class, record.replaceFirst("\\[.*]", "\"a| b ||c\"")).getTags())
        .isEqualTo(List.of("a", "b", "c"));
    assertThat(
            map(
                    Impression.class,
                    record.replace("\"kind\": 2", "\"kind\": null").replaceFirst("\\[.*]", "\"\""))
                .getEntity())
        .isEqualTo("item");
  }

  @Test
  void defaultsAndScales() throws Exception {
    rules.put("conversionType", fallback("type", "purchase"));
    rules.put("value", scaled("cents", 0.01));
    assertThat(
            map(
                Conversion.class,
                "{\"userId\": \"u\", \"impressionId\": \"i\", \"eventTimeMillis\": 5, \"cents\": 1999}"))
        .isEqualTo(new Conversion("u", "i", 5L, "purchase", 19.99));
    assertThat(
            map(
                Conversion.class,
                "{\"userId\": \"u\", \"impressionId\": \"i\", \"eventTimeMillis\": 5}"))
        .as("the canonical default")
        .isEqualTo(new Conversion("u", "i", 5L, "purchase", 1.0));
    rules.clear();
    rules.put("stayMillis", scaled("seconds", 1000));
    assertThat(
            map(
                    Stay.class,
                    "{\"userId\": \"u\", \"impressionId\": \"i\", \"eventTimeMillis\": 5, \"seconds\": \"1.2345\"}")
                .getStayMillis())
        .isEqualTo(1235);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "; ; 1700000000123",
        "; ; \"1700000000123\"",
        "; ; \"2023-11-14T22:13:20.123Z\"",
        "; ; \"2023-11-14T23:13:20.123+01:00\"",
        "; ; \"2023-11-14T22:13:20.123\"",
        "; Europe/Berlin; \"2023-11-14T23:13:20.123\"",
        "epoch-millis; ; 1700000000123",
        "epoch-micros; ; 1700000000123999",
        "epoch-seconds; ; 1700000000.123",
        "epoch-seconds; ; \"1700000000.1239\"",
        "iso-8601; ; \"2023-11-14T22:13:20.123Z\"",
        "yyyy-MM-dd HH:mm:ss.SSS; ; \"2023-11-14 22:13:20.123\"",
        "yyyy-MM-dd HH:mm:ss.SSS; +08:00; \"2023-11-15 06:13:20.123\"",
        "dd/MM/yyyy HH:mm:ss.SSS Z; ; \"14/11/2023 22:13:20.123 +0000\""
      })
  void times(String format, String zone, String value) throws Exception {
    rules.put("eventTimeMillis", time("t", format, zone));
    assertThat(map(User.class, "{\"userId\": \"u\", \"t\": " + value + "}").getEventTimeMillis())
        .isEqualTo(T);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"impressionId\": \"i\", \"eventTimeMillis\": 5}",
        "{\"userId\": null, \"impressionId\": \"i\", \"eventTimeMillis\": 5, \"stayMillis\": 1}",
        "{\"userId\": 1.5, \"impressionId\": \"i\", \"eventTimeMillis\": 5, \"stayMillis\": 1}",
        "{\"userId\": {}, \"impressionId\": \"i\", \"eventTimeMillis\": 5, \"stayMillis\": 1}",
        "{\"userId\": \"u\", \"impressionId\": \"i\", \"eventTimeMillis\": \"soon\", \"stayMillis\": 1}",
        "{\"userId\": \"u\", \"impressionId\": \"i\", \"eventTimeMillis\": 1e999999999, \"stayMillis\": 1}",
        "{\"userId\": \"u\", \"impressionId\": \"i\", \"eventTimeMillis\": \"1e-999999999\", \"stayMillis\": 1}",
        "{\"userId\": \"u\", \"impressionId\": \"i\", \"eventTimeMillis\": 99999999999999999999, \"stayMillis\": 1}",
        "{\"userId\": \"u\", \"impressionId\": \"i\", \"eventTimeMillis\": 5, \"stayMillis\": 1.5}",
        "{\"userId\": \"u\", \"impressionId\": \"i\", \"eventTimeMillis\": 5, \"stayMillis\": true}",
        "{\"userId\": \"u\", \"impressionId\": \"i\", \"eventTimeMillis\": 5, \"stayMillis\": []}"
      })
  void whatCannotBeMappedNamesFieldValueAndRule(String record) {
    assertThatThrownBy(() -> map(Stay.class, record))
        .isInstanceOf(UnmappableRecordException.class)
        .hasMessageMatching("(userId|eventTimeMillis|stayMillis): .+ - (is required|must be) .+");
  }

  @Test
  void rulesThatDoNotFitTheirFieldAreRefused() {
    refused(
        Click.class, "user", FieldRule.at("u"), "user: is no field of Click, which has [userId");
    refused(Click.class, "userId", scaled("u", 2), "userId.scale: 2.0 - does not apply");
    refused(Click.class, "userId", rule("u", ",", null), "userId.separator: , - does not apply");
    refused(Click.class, "userId", time("u", "iso-8601", null), "userId.format: iso-8601 - does");
    refused(Click.class, "userId", FieldRule.at("a..b"), "userId.path: a..b - must be names");
    refused(
        Click.class,
        "eventTimeMillis",
        time("t", "epoch-secs", null),
        "eventTimeMillis.format: epoch-secs - must be epoch-millis, epoch-micros");
    refused(
        Click.class,
        "eventTimeMillis",
        time("t", null, "Berlin"),
        "eventTimeMillis.zone: Berlin - must be a time zone");
    refused(
        Conversion.class, "value", fallback("v", "much"), "value.default: much - must be a number");
    refused(
        Impression.class,
        "context",
        entries(Map.of("device", FieldRule.none())),
        "context.device: {} - needs a path");
    refused(
        Impression.class,
        "context",
        entries(Map.of("device", scaled("d", 2))),
        "context.device.scale: 2.0 - does not apply");
    refused(Impression.class, "tags", rule("t", null, "a..b"), "tags.element: a..b - must be");
    refused(Click.class, "userId", entries(Map.of("a", FieldRule.at("b"))), "userId: [a] - must");
  }

  private void refused(
      Class<? extends SpecificRecordBase> type, String field, FieldRule rule, String message) {
    assertThatThrownBy(() -> new RecordMapper(type, new RecordMapping(Map.of(field, rule))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  private <T extends SpecificRecordBase> T map(Class<T> type, String json) throws Exception {
    return type.cast(new RecordMapper(type, new RecordMapping(rules)).map(JSON.readTree(json)));
  }

  private static FieldRule rule(String path, String separator, String element) {
    return new FieldRule(path, null, Map.of(), null, null, null, separator, element, Map.of());
  }

  private static FieldRule values(String path, Map<String, String> values, String fallback) {
    return new FieldRule(path, fallback, values, null, null, null, null, null, Map.of());
  }

  private static FieldRule fallback(String path, String fallback) {
    return values(path, Map.of(), fallback);
  }

  private static FieldRule scaled(String path, double scale) {
    return new FieldRule(path, null, Map.of(), null, null, scale, null, null, Map.of());
  }

  private static FieldRule time(String path, String format, String zone) {
    return new FieldRule(path, null, Map.of(), format, zone, null, null, null, Map.of());
  }

  private static FieldRule entries(Map<String, FieldRule> entries) {
    return new FieldRule(null, null, Map.of(), null, null, null, null, null, entries);
  }
}

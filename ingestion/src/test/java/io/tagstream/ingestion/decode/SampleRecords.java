package io.tagstream.ingestion.decode;

import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Item;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;

/** A good record of every topic. */
final class SampleRecords {

  static final long NOW = 1_700_000_000_000L;

  private SampleRecords() {}

  static Impression impression() {
    return Impression.newBuilder()
        .setUserId("u1")
        .setImpressionId("i1")
        .setItemId("item1")
        .setEventTimeMillis(NOW)
        .setPosition(3)
        .setScene("home")
        .setContext(Map.of("device", "phone"))
        .setTags(List.of("red", "shoe"))
        .setPrivileged(Map.of("store", "s9"))
        .build();
  }

  static Click click() {
    return new Click("u1", "i1", NOW);
  }

  static Stay stay() {
    return new Stay("u1", "i1", NOW, 0L);
  }

  static Conversion conversion() {
    return new Conversion("u1", "i1", NOW, "purchase", 9.5);
  }

  static Item item() {
    return new Item("item1", NOW, "item", List.of("red"), Map.of("store", "s9"));
  }

  static User user() {
    return new User("u1", NOW, Map.of("age", "30-39"));
  }

  static UserDeletion deletion() {
    return new UserDeletion("u1", NOW);
  }

  static SpecificRecordBase of(Topic topic) {
    return switch (topic) {
      case IMPRESSIONS -> impression();
      case CLICKS -> click();
      case STAYS -> stay();
      case CONVERSIONS -> conversion();
      case ITEMS -> item();
      case USERS -> user();
      case USER_DELETIONS -> deletion();
      default -> throw new IllegalArgumentException(topic + " is not read");
    };
  }

  static byte[] key(Topic topic) {
    return (topic == Topic.ITEMS ? "item1" : "u1").getBytes(StandardCharsets.UTF_8);
  }

  @SuppressWarnings("unchecked")
  static byte[] encode(SpecificRecordBase record) {
    return new SingleObjectCodec<>((Class<SpecificRecordBase>) record.getClass()).encode(record);
  }
}

package io.tagstream.it;

import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Item;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserDeletion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecordBase;

/** Records of users whom the planted world does not know. */
final class Strangers {

  private final Random random;
  private final boolean anyTag;

  /**
   * Makes records.
   *
   * @param anyTag whether tags may be anything
   */
  Strangers(Random random, boolean anyTag) {
    this.random = random;
    this.anyTag = anyTag;
  }

  /** A user who asked to be forgotten. */
  static String forgotten(int user) {
    return "forgotten-" + user;
  }

  Impression impression(String user, String id, long time) {
    return new Impression(
        user,
        id,
        "item-of-strangers",
        time,
        "item",
        random.nextInt(10),
        "feed",
        Map.of("device", "phone"),
        List.of("a", "b"),
        Map.of("category", "c" + random.nextInt(5)));
  }

  /** Unusual, and good. */
  Impression odd(Impression shown) {
    shown.setUserId("Ünï😀 " + shown.getUserId());
    shown.setPosition(random.nextBoolean() ? null : (Integer) Integer.MIN_VALUE);
    shown.setScene(random.nextBoolean() ? null : "s".repeat(20_000));
    List<String> tags =
        new ArrayList<>(IntStream.range(0, random.nextInt(200)).mapToObj(i -> "tag" + i).toList());
    tags.add("標籤 😀");
    if (anyTag) {
      tags.add("");
      tags.add(";");
    }
    shown.setTags(tags);
    shown.setPrivileged(Map.of());
    return shown;
  }

  /** A click, a stay, or a conversion. */
  SpecificRecordBase engagement(int kind, String user, String id, long time) {
    return switch (kind) {
      case 0 -> new Click(user, id, time);
      case 1 -> new Stay(user, id, time, (long) random.nextInt(100_000));
      default -> new Conversion(user, id, time, "subscribe", 1.0);
    };
  }

  /** Something said of a user or an item. */
  SpecificRecordBase notice(String name, long time) {
    return switch (random.nextInt(3)) {
      case 0 -> new User(name, time, Map.of("region", "north"));
      case 1 -> new Item(name, time, "item", List.of("tag"), Map.of());
      default -> new UserDeletion(name, time);
    };
  }
}

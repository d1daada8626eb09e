package io.tagstream.ingestion.flink;

import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Item;
import io.tagstream.schemas.Origin;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserDeletion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.specific.SpecificRecordBase;

/** Decoded records; times are minutes after {@link #START}. */
final class Inputs {

  static final long START = 1_700_000_000_000L;
  static final long MINUTE = 60_000;

  private Inputs() {}

  static long at(double minutes) {
    return START + Math.round(minutes * MINUTE);
  }

  static InputRecord input(SpecificRecordBase body) {
    return new InputRecord(new Origin("topic", 1, 2L, START), body);
  }

  static InputRecord impression(String user, String id, double minutes, List<String> tags) {
    return input(
        Impression.newBuilder()
            .setUserId(user)
            .setImpressionId(id)
            .setItemId("item")
            .setEventTimeMillis(at(minutes))
            .setTags(tags)
            .build());
  }

  static InputRecord impression(String user, String id, double minutes) {
    return impression(user, id, minutes, List.of("a", "b", "a"));
  }

  static InputRecord click(String user, String id, double minutes) {
    return input(new Click(user, id, at(minutes)));
  }

  static InputRecord stay(String user, String id, double minutes, long millis) {
    return input(new Stay(user, id, at(minutes), millis));
  }

  static InputRecord conversion(String user, String id, double minutes) {
    return input(new Conversion(user, id, at(minutes), "like", 1.0));
  }

  static InputRecord item(double minutes, String... tags) {
    return input(new Item("item", at(minutes), "item", List.of(tags), Map.of("store", tags[0])));
  }

  static InputRecord user(String user, double minutes) {
    return input(new User(user, at(minutes), Map.of("age", "30-39")));
  }

  static InputRecord deletion(String user, double minutes) {
    return input(new UserDeletion(user, at(minutes)));
  }

  /** A day of several users, as it may arrive; some of it too late. */
  static List<InputRecord> day(Random random, int users, int impressions) {
    record Arrival(InputRecord record, double at) {}
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < impressions; i++) {
      String user = "u" + random.nextInt(users);
      String id = "i" + i;
      double shown = random.nextInt(300);
      List<InputRecord> all = new ArrayList<>();
      all.add(impression(user, id, shown));
      if (random.nextInt(3) == 0) {
        all.add(click(user, id, shown + random.nextDouble() * 11));
        all.add(conversion(user, id, shown + random.nextDouble() * 100));
      }
      if (random.nextInt(2) == 0) {
        all.add(stay(user, id, shown + random.nextDouble() * 11, 1 + random.nextInt(99)));
      }
      if (random.nextInt(40) == 0) {
        all.add(user(user, shown));
        all.add(click(user, "nobody", shown));
      }
      if (random.nextInt(100) == 0) {
        all.add(deletion(user, shown - 20));
      }
      for (InputRecord record : all) {
        double minutes = (InputFields.eventTimeMillis(record) - START) / (double) MINUTE;
        double delay = random.nextDouble() * (random.nextInt(50) == 0 ? 20 : 0.08);
        arrivals.add(new Arrival(record, minutes + delay));
        if (random.nextInt(20) == 0) {
          arrivals.add(new Arrival(record, minutes + delay));
        }
      }
    }
    arrivals.sort(java.util.Comparator.comparingDouble(Arrival::at));
    return arrivals.stream().map(Arrival::record).toList();
  }
}

package io.tagstream.features.transition;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.Opened;
import io.tagstream.schemas.TaskLabel;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserFact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Random facts as ingestion would emit them, and random orders of arrival within the bound. */
public final class FactWorld {

  /** How far out of order facts come. */
  public static final long BOUND_MILLIS = 5_000;

  static final long START_MILLIS = 1_700_000_000_000L;

  /** A fact with its event time. */
  public record Timed(long timeMillis, UserFact fact) {}

  /** A fact with the moment it arrives at. */
  private record Arrival(long atMillis, long tieBreak, UserFact fact) {}

  private final long windowMillis;
  private final long horizonMillis;
  private final SplittableRandom random;
  private final List<Timed> facts = new ArrayList<>();
  private long lastShownMillis;

  /** A world without users. */
  public FactWorld(FeaturesConfig config, long seed) {
    this.windowMillis = config.labels().window().toMillis();
    this.horizonMillis = config.labels().attributionHorizon().toMillis();
    this.random = new SplittableRandom(seed);
  }

  /** All facts, in the order of their making. */
  public List<Timed> facts() {
    return facts;
  }

  /** Adds users, with what they see and do over some time. */
  public FactWorld addUsers(int users, int impressionsPerUser, Duration span) {
    for (int u = 0; u < users; u++) {
      String user = "u" + u;
      int versions = random.nextInt(3);
      for (int v = 0; v < versions; v++) {
        long time = START_MILLIS + 60_000 + random.nextLong(span.toMillis());
        add(time, user, new User(user, time, Map.of("city", "c" + random.nextInt(4))));
      }
      for (int i = 0; i < impressionsPerUser; i++) {
        // Whole tenths of a second: equal times must occur, and so must hours and days apart.
        long time = START_MILLIS + 60_000 + random.nextLong(span.toMillis()) / 100 * 100;
        if (i > 0 && random.nextInt(3) == 0) {
          time = facts.get(facts.size() - 1).timeMillis();
        } else if (i > 0 && random.nextInt(8) == 0) {
          time = lastShownMillis;
        }
        lastShownMillis = time;
        addImpression(user, user + "-" + i, time);
      }
    }
    return this;
  }

  private void addImpression(String user, String id, long time) {
    List<String> tags = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      String tag = "tag" + random.nextInt(12);
      if (!tags.contains(tag)) {
        tags.add(tag);
      }
    }
    Map<String, String> privileged = new HashMap<>();
    privileged.put("category", "k" + random.nextInt(5));
    if (random.nextBoolean()) {
      privileged.put("creator", "ü" + random.nextInt(9));
    }
    String scene = random.nextBoolean() ? "feed" : null;
    add(
        time,
        user,
        new Opened(
            user,
            id,
            "item" + random.nextInt(100),
            "video",
            time,
            null,
            scene,
            Map.of("device", "d" + random.nextInt(3)),
            tags,
            privileged,
            false));
    boolean clicked = random.nextInt(3) == 0;
    boolean stayed = clicked || random.nextInt(4) == 0;
    boolean converted = random.nextInt(8) == 0;
    List<TaskLabel> rest = new ArrayList<>();
    addLabel(clicked, user, id, time, Emission.CLICK, "click", 1, rest);
    addLabel(stayed, user, id, time, Emission.STAY, "stay", random.nextInt(200_000), rest);
    addLabel(converted, user, id, time, Emission.CONVERSION, "conversion", 1, rest);
    if (!rest.isEmpty()) {
      labels(user, id, time, Emission.WINDOW_CLOSE, time + windowMillis, rest);
    }
    if (clicked && !converted && random.nextInt(3) == 0) {
      long at = time + windowMillis + 1 + random.nextLong(horizonMillis - windowMillis);
      labels(user, id, time, Emission.CORRECTION, at, List.of(new TaskLabel("conversion", 1.0)));
    }
  }

  private void addLabel(
      boolean positive,
      String user,
      String id,
      long time,
      Emission emission,
      String task,
      double value,
      List<TaskLabel> rest) {
    if (positive) {
      long at = time + random.nextLong(windowMillis + 1);
      labels(user, id, time, emission, at, List.of(new TaskLabel(task, value)));
    } else {
      rest.add(new TaskLabel(task, 0.0));
    }
  }

  private void labels(
      String user, String id, long time, Emission emission, long at, List<TaskLabel> labels) {
    add(
        at,
        user,
        new LabeledImpression(user, id, time, emission, labels, at, at + 7, false, false));
  }

  private void add(long time, String user, Object fact) {
    facts.add(new Timed(time, new UserFact(user, fact)));
  }

  /**
   * The facts in a random order of arrival: none comes more than the bound behind a later one. Some
   * clicks and stays come twice, a later one first, and then as a revision.
   */
  public List<Timed> arrivals(long seed) {
    SplittableRandom order = new SplittableRandom(seed);
    List<Arrival> arrivals = new ArrayList<>();
    for (Timed timed : facts) {
      long at = timed.timeMillis() + order.nextLong(BOUND_MILLIS);
      long tieBreak = order.nextLong();
      UserFact fact = timed.fact();
      if (fact.getFact() instanceof LabeledImpression first
          && (first.getEmission() == Emission.CLICK || first.getEmission() == Emission.STAY)
          && order.nextInt(4) == 0) {
        LabeledImpression later =
            LabeledImpression.newBuilder(first)
                .setEventTimeMillis(
                    timed.timeMillis() + order.nextLong(at - timed.timeMillis() + 1))
                .setLabels(longer(first))
                .build();
        LabeledImpression revision = LabeledImpression.newBuilder(first).setRevision(true).build();
        arrivals.add(new Arrival(at, tieBreak, new UserFact(first.getUserId(), later)));
        arrivals.add(new Arrival(at, tieBreak + 1, new UserFact(first.getUserId(), revision)));
      } else {
        arrivals.add(new Arrival(at, tieBreak, fact));
      }
    }
    arrivals.sort(Comparator.comparingLong(Arrival::atMillis).thenComparingLong(Arrival::tieBreak));
    return arrivals.stream().map(a -> new Timed(time(a.fact()), a.fact())).toList();
  }

  /** The facts without a detour, in order of time. */
  public List<Timed> inOrder() {
    return facts.stream().sorted(Comparator.comparingLong(Timed::timeMillis)).toList();
  }

  private static List<TaskLabel> longer(LabeledImpression labels) {
    return labels.getEmission() == Emission.STAY
        ? List.of(new TaskLabel("stay", labels.getLabels().get(0).getValue() + 60_000))
        : labels.getLabels();
  }

  private static long time(UserFact fact) {
    if (fact.getFact() instanceof Opened opened) {
      return opened.getImpressionTimeMillis();
    }
    if (fact.getFact() instanceof LabeledImpression labels) {
      return labels.getEventTimeMillis();
    }
    return ((User) fact.getFact()).getEventTimeMillis();
  }
}

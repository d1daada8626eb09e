package io.tagstream.launcher.bench;

import io.tagstream.schemas.Emission;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.Opened;
import io.tagstream.schemas.TaskLabel;
import io.tagstream.schemas.UserFact;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;

/**
 * Facts about users in order of event time, as ingestion emits them: a tick shows one impression to
 * a user drawn uniformly, and brings the labels of impressions of earlier ticks. Everything follows
 * from seed and tick, so that two readers see the same without sharing anything.
 *
 * @param seed of everything
 * @param users population
 */
record FactStream(long seed, int users) implements Serializable {

  private static final long START_MILLIS = 1_700_000_000_000L;
  private static final long WINDOW_MILLIS = 600_000;
  private static final double CLICKS = 15.0 / 55;
  private static final double STAYS = 27.0 / 55;
  private static final double CONVERSIONS = 3.0 / 55;
  private static final int TAGS = 1_780;
  private static final int TAGS_PER_ITEM = 3;

  /** Draws that a tick makes. */
  private enum Draw {
    USER(1),
    ITEM(2),
    CLICK(3),
    STAY(4),
    STAY_LENGTH(5),
    CONVERSION(6);

    final int code;

    Draw(int code) {
      this.code = code;
    }
  }

  /** Ticks in a label window: a quarter of the population has an impression open. */
  long windowTicks() {
    return Math.max(8, users / 4);
  }

  /** Event time of a tick, milliseconds since the epoch. */
  long timeMillis(long tick) {
    return START_MILLIS + tick * WINDOW_MILLIS / windowTicks();
  }

  /** The user whom a tick shows an impression. */
  int userOf(long tick) {
    return (int) (uniform(tick, Draw.USER) * users);
  }

  /** Gives all facts of a tick with their event times. */
  void facts(long tick, ObjLongConsumer<UserFact> out) {
    out.accept(opened(tick), timeMillis(tick));
    long window = windowTicks();
    label(tick, window / 40, Draw.CLICK, Emission.CLICK, out);
    label(tick, window / 10, Draw.STAY, Emission.STAY, out);
    label(tick, window / 4, Draw.CONVERSION, Emission.CONVERSION, out);
    if (tick >= window) {
      close(tick, tick - window, out);
    }
  }

  private UserFact opened(long tick) {
    String user = "u" + userOf(tick);
    int item = (int) (uniform(tick, Draw.ITEM) * 100_000);
    List<String> tags = new ArrayList<>(TAGS_PER_ITEM);
    for (int i = 0; i < TAGS_PER_ITEM; i++) {
      tags.add("tag" + (item + i * 37) % TAGS);
    }
    return new UserFact(
        user,
        new Opened(
            user,
            "i" + tick,
            "item" + item,
            "item",
            timeMillis(tick),
            item % 10,
            "feed",
            Map.of("device", "d" + item % 3),
            tags,
            Map.of("category", "k" + item % 50, "creator", "c" + item % 5_000),
            false));
  }

  private boolean happens(long shown, Draw draw) {
    double chance =
        switch (draw) {
          case CLICK -> CLICKS;
          case STAY -> STAYS;
          case CONVERSION -> CONVERSIONS;
          case USER, ITEM, STAY_LENGTH -> 0;
        };
    return uniform(shown, draw) < chance;
  }

  private void label(
      long tick, long delay, Draw draw, Emission emission, ObjLongConsumer<UserFact> out) {
    long shown = tick - delay;
    if (shown >= 0 && happens(shown, draw)) {
      double value = draw == Draw.STAY ? 1_000 + 100_000 * uniform(shown, Draw.STAY_LENGTH) : 1;
      emit(tick, shown, emission, List.of(new TaskLabel(task(draw), value)), out);
    }
  }

  private void close(long tick, long shown, ObjLongConsumer<UserFact> out) {
    List<TaskLabel> negatives = new ArrayList<>(3);
    for (Draw draw : List.of(Draw.CLICK, Draw.STAY, Draw.CONVERSION)) {
      if (!happens(shown, draw)) {
        negatives.add(new TaskLabel(task(draw), 0.0));
      }
    }
    if (!negatives.isEmpty()) {
      emit(tick, shown, Emission.WINDOW_CLOSE, negatives, out);
    }
  }

  private void emit(
      long tick,
      long shown,
      Emission emission,
      List<TaskLabel> labels,
      ObjLongConsumer<UserFact> out) {
    String user = "u" + userOf(shown);
    long time = timeMillis(tick);
    out.accept(
        new UserFact(
            user,
            new LabeledImpression(
                user,
                "i" + shown,
                timeMillis(shown),
                emission,
                labels,
                time,
                emission == Emission.WINDOW_CLOSE ? null : time,
                false,
                false)),
        time);
  }

  private static String task(Draw draw) {
    return switch (draw) {
      case CLICK -> "click";
      case STAY -> "stay";
      case CONVERSION -> "conversion";
      case USER, ITEM, STAY_LENGTH -> throw new IllegalArgumentException(draw + " is no label");
    };
  }

  private double uniform(long tick, Draw draw) {
    long z = seed + (tick * 8 + draw.code) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return ((z ^ (z >>> 31)) >>> 11) * 0x1.0p-53;
  }
}

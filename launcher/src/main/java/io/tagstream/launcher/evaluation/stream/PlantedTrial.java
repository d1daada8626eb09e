package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.evaluation.DriftLag;
import io.tagstream.launcher.evaluation.InterestRecovery;
import io.tagstream.launcher.world.Drift;
import io.tagstream.launcher.world.EventSource;
import io.tagstream.launcher.world.PlantedTruth;
import io.tagstream.launcher.world.PlantedWorldConfig;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Impression;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * A method's profiles held against a planted world's truth while its events pass. Every ten minutes
 * of event time (a second of a demo) the method learns what became known and ranks anew the tags of
 * users it heard of; in between, profiles stand as they are. Nothing depends on the clock, and that
 * is how it differs from the job: there a profile follows its click within the time of a batch,
 * here at the next of these looks, for every method alike.
 *
 * <p>Recovery is looked at every hour from the end of the warm-up on, the lag of drifts that come
 * after it at every look.
 */
final class PlantedTrial {

  static final Duration LOOK = Duration.ofMinutes(10);
  private static final int LOOKS_PER_HOUR = 6;
  private static final Duration FOLLOWED_WITHIN = Duration.ofHours(24);

  /** A method. */
  interface Rankings {

    /**
     * Learns what became known before a time, and ranks.
     *
     * @param clickers users who clicked since the last call, in order of their ids
     * @return tags per user as they stand, best first; users without any are absent
     */
    Map<String, List<String>> at(long timeMillis, List<String> clickers);
  }

  private final long startMillis;
  private final long endMillis;
  private final long judgedFromMillis;
  private final InterestRecovery recovery;
  private final DriftLag lag;
  private double recoveredSum;
  private double recoveredLast;
  private int hours;

  /**
   * A trial in a world.
   *
   * @param horizon how long it lasts, event time; a multiple of an hour, as is {@code warmUp}
   */
  PlantedTrial(PlantedWorldConfig world, Duration horizon, Duration warmUp) {
    this.startMillis = world.startMillis();
    this.endMillis = startMillis + horizon.toMillis();
    this.judgedFromMillis = startMillis + warmUp.toMillis();
    PlantedTruth truth = new PlantedTruth(world);
    this.recovery = new InterestRecovery(truth);
    List<Drift> drifts =
        truth.drifts(endMillis).stream()
            .filter(drift -> drift.atMillis() >= judgedFromMillis)
            .toList();
    this.lag = new DriftLag(drifts, endMillis);
  }

  /** A baseline's rankings, of the same events. */
  Rankings counted(String baseline) {
    Map<String, List<String>> rankings = new HashMap<>();
    return (time, clickers) -> {
      clickers.forEach(user -> rankings.put(user, recovery.baseline(baseline, user)));
      return rankings;
    };
  }

  /**
   * Plays the world's events.
   *
   * @param gone told how many events were played since the last call
   * @return the figures
   */
  Map<String, Double> run(EventSource events, Rankings method, LongConsumer gone) {
    long lookAt = startMillis + LOOK.toMillis();
    long played = 0;
    while (events.hasNext()) {
      WorldEvent event = events.next();
      for (; event.eventTimeMillis() >= lookAt; lookAt += LOOK.toMillis()) {
        look(lookAt, method);
        gone.accept(played);
        played = 0;
      }
      recovery.observe(event);
      if (event.record() instanceof Impression impression) {
        lag.impression(impression.getUserId(), impression.getEventTimeMillis());
      }
      played++;
    }
    for (; lookAt <= endMillis; lookAt += LOOK.toMillis()) {
      look(lookAt, method);
    }
    gone.accept(played);
    lag.end();
    return figures();
  }

  private void look(long timeMillis, Rankings method) {
    Map<String, List<String>> rankings = method.at(timeMillis, recovery.advance(timeMillis));
    lag.look(timeMillis, user -> recovery.filled(rankings.getOrDefault(user, List.of())));
    boolean hour = (timeMillis - startMillis) % (LOOKS_PER_HOUR * LOOK.toMillis()) == 0;
    if (hour && timeMillis > judgedFromMillis) {
      recoveredLast = recovery.recovered(rankings, timeMillis);
      recoveredSum += recoveredLast;
      hours++;
    }
  }

  private Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("recovered@5", recoveredSum / hours);
    figures.put("recovered@5 at the end", recoveredLast);
    figures.put("drifts", (double) lag.millis().size());
    figures.put(
        "drifts followed in 24 h", lag.millis().within((double) FOLLOWED_WITHIN.toMillis()));
    Double millis = lag.millis().median();
    ValidationFigures.put(figures, "median lag, hours", millis == null ? null : millis / 3_600_000);
    ValidationFigures.put(figures, "median lag, impressions", lag.impressions().median());
    return figures;
  }
}

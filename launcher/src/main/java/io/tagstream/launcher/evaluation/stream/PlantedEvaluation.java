package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.evaluation.InterestRecovery;
import io.tagstream.launcher.evaluation.trial.Evaluation;
import io.tagstream.launcher.evaluation.trial.Protocol;
import io.tagstream.launcher.world.PlantedWorldConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Planted worlds from memory: true interests recovered, how fast drifts are followed, calibration.
 */
public final class PlantedEvaluation implements Evaluation {

  /** Long enough for two drifts of each user in the mean. */
  private static final Duration HORIZON = Duration.ofDays(4);

  /** About as many events in it, 55 impressions of each user a day: a demo's rate made millions. */
  private static final int EVENTS = 200_000;

  /** Learnt and not judged. */
  private static final Duration WARM_UP = Duration.ofDays(1);

  @Override
  public String name() {
    return "planted";
  }

  @Override
  public String summary() {
    return "planted worlds, one per seed: true interests, lag after a drift, calibration";
  }

  @Override
  public List<String> methods() {
    return Evaluation.withNetworks(InterestRecovery.BASELINES);
  }

  @Override
  public boolean reports() {
    return true;
  }

  @Override
  public Protocol open(@Nullable Path data) throws IOException {
    if (data != null) {
      throw new IOException(
          "data: " + data + " - the planted world is made, not read; leave --data out");
    }
    // The seed is each trial's own.
    PlantedWorldConfig world =
        PlantedWorldConfig.defaults(0).withRate((double) EVENTS / HORIZON.toSeconds(), 1);
    return new PlantedProtocol(world, HORIZON, WARM_UP);
  }
}

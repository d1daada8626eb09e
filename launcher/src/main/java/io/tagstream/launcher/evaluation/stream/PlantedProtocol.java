package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.evaluation.InterestRecovery;
import io.tagstream.launcher.evaluation.trial.Protocol;
import io.tagstream.launcher.evaluation.trial.TrialObserver;
import io.tagstream.launcher.world.EventSource;
import io.tagstream.launcher.world.LeadingEvents;
import io.tagstream.launcher.world.PlantedWorld;
import io.tagstream.launcher.world.PlantedWorldConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Profiles against what planted users truly like. A trial's seed is the seed of a world of its own
 * as well as of the model, so a spread over seeds is one over worlds and models; methods of one
 * seed see the same world.
 *
 * <p>A world's features are made with its first trial, by the settings of the first trial of all,
 * and kept while trials of that seed go on.
 */
final class PlantedProtocol implements Protocol {

  /** Seeds come one after the other; trials at the same time are of one or of two neighbours. */
  private static final int WORLDS_KEPT = 2;

  private final PlantedWorldConfig world;
  private final Duration horizon;
  private final Duration warmUp;
  private final String settings;
  private final Map<Long, LearnerInputs> kept = new LinkedHashMap<>(4, 0.75f, true);
  private @Nullable TagstreamConfig featureConfig;
  private @Nullable Path scratch;

  /**
   * A protocol.
   *
   * @param world of which each seed makes another
   * @param horizon how long it lasts, in event time
   * @param warmUp what is learnt and not judged of it
   */
  PlantedProtocol(PlantedWorldConfig world, Duration horizon, Duration warmUp) {
    this.world = world;
    this.horizon = horizon;
    this.warmUp = warmUp;
    this.settings = new RecordedLog(events(world)).settings();
  }

  @Override
  public String settings(String method) {
    return settings
        + """
        negatives.per-impression: 1
        batch.size: 128
        """;
  }

  @Override
  public synchronized void prepare(TagstreamConfig config, Path folder) {
    featureConfig = config;
    scratch = folder;
  }

  @Override
  public Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("users", world.users());
    data.put("tags", world.topics() * world.tagsPerTopic());
    data.put("hours", horizon.toHours());
    data.put("hours judged", horizon.minus(warmUp).toHours());
    data.put("events, about", records());
    return data;
  }

  private long records() {
    return Math.round(world.eventsPerSecond() / world.speedup() * horizon.toSeconds());
  }

  @Override
  public long recordsPerTrial(String method) {
    return records();
  }

  @Override
  public Map<String, Double> trial(
      String method, TagstreamConfig config, long seed, TrialObserver observer)
      throws IOException, InterruptedException {
    PlantedWorldConfig own = world.withSeed(seed);
    PlantedTrial trial = new PlantedTrial(own, horizon, warmUp);
    if (InterestRecovery.BASELINES.contains(method)) {
      return trial.run(events(own), trial.counted(method), observer::gone);
    }
    LearnerInputs inputs = inputs(own);
    long start = System.nanoTime();
    try (LogTrial learner = new LogTrial(inputs, config, seed)) {
      if (observer.wantsReport()) {
        learner.observe();
      }
      Map<String, Double> figures =
          trial.run(events(own), new LearntRankings(learner, config), observer::gone);
      ValidationFigures.add(figures, config.tasks(), learner.figures());
      figures.put("seconds", (System.nanoTime() - start) / 1e9);
      if (observer.wantsReport()) {
        observer.learnt(learner.report());
      }
      return figures;
    }
  }

  private EventSource events(PlantedWorldConfig of) {
    return LeadingEvents.until(new PlantedWorld(of), of.startMillis() + horizon.toMillis());
  }

  /** What the learner reads of a world; others wait while it is made. */
  private synchronized LearnerInputs inputs(PlantedWorldConfig of)
      throws IOException, InterruptedException {
    LearnerInputs inputs = kept.get(of.seed());
    if (inputs == null) {
      if (featureConfig == null || scratch == null) {
        throw new IllegalStateException("a trial before prepare");
      }
      RecordedLog log = new RecordedLog(events(of));
      log.prepare(
          featureConfig, Files.createTempDirectory(scratch, "world-" + of.seed()), event -> {});
      inputs = log.inputs();
      kept.put(of.seed(), inputs);
      if (kept.size() > WORLDS_KEPT) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
    return inputs;
  }
}

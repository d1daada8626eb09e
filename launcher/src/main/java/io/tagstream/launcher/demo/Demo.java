package io.tagstream.launcher.demo;

import io.tagstream.launcher.broker.EmbeddedBroker;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.evaluation.InterestRecovery;
import io.tagstream.launcher.evaluation.InterestRecovery.Recovery;
import io.tagstream.launcher.job.EmbeddedCluster;
import io.tagstream.launcher.job.FlinkSettings;
import io.tagstream.launcher.job.InProcessMetrics;
import io.tagstream.launcher.job.JobShape;
import io.tagstream.launcher.job.KafkaJob;
import io.tagstream.launcher.job.SwitchOffsets;
import io.tagstream.launcher.kuairand.KuaiRandConfig;
import io.tagstream.launcher.kuairand.KuaiRandLog;
import io.tagstream.launcher.profiles.PublishedProfile;
import io.tagstream.launcher.topics.KafkaTopics;
import io.tagstream.launcher.topics.TopicSpec;
import io.tagstream.launcher.world.EventSource;
import io.tagstream.launcher.world.PlantedTruth;
import io.tagstream.launcher.world.PlantedWorld;
import io.tagstream.launcher.world.PlantedWorldConfig;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.schemas.TagScore;
import io.tagstream.schemas.TaskTags;
import io.tagstream.schemas.UserTagProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * A demo from its start to its clean end: broker, topics, cluster, job, events, reports, summary.
 */
public final class Demo {

  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(60);
  private static final long MAX_AHEAD = 50_000;

  /** What a demo tells and asks while it runs. */
  public interface Listener {

    /** What is going on, for people. */
    void progress(String text);

    /** A report. */
    void report(DemoReport report);

    /** Waits; true when the demo is to end. */
    boolean waitOrStop(Duration time) throws InterruptedException;
  }

  private final DemoPlan plan;
  private final Path folder;
  private final Listener listener;
  private final long startedNanos;

  private volatile @Nullable Throwable pumpFailure;
  private @Nullable EventPump pump;
  private double firstProfileSeconds = Double.NaN;
  private double lastSeconds;

  /**
   * A demo.
   *
   * @param folder of this run, for data and state
   * @param startedNanos {@link System#nanoTime()} when the process started: the first profile is
   *     timed from it
   */
  public Demo(DemoPlan plan, Path folder, long startedNanos, Listener listener) {
    this.plan = plan;
    this.folder = folder;
    this.startedNanos = startedNanos;
    this.listener = listener;
  }

  /**
   * Runs it.
   *
   * @return the summary, as it is written as JSON
   * @throws Exception when broker, cluster or job fail
   */
  public Map<String, Object> run() throws Exception {
    PlantedWorldConfig world =
        PlantedWorldConfig.defaults(plan.seed())
            .withUsers(plan.users())
            .withRate(plan.eventsPerSecond(), PlantedWorldConfig.defaults(plan.seed()).speedup());
    CompletableFuture<EmbeddedBroker> starting = startBroker();
    listener.progress("starting a Kafka broker and a Flink cluster ...");
    EventSource source;
    try {
      source = plan.data() == null ? new PlantedWorld(world) : log(plan.data());
    } catch (IOException | RuntimeException e) {
      starting.thenAccept(EmbeddedBroker::close).join();
      throw e;
    }
    try (EmbeddedBroker broker = await(starting)) {
      TagstreamConfig config = DemoSettings.of(plan, source.fields(), broker.bootstrapServers());
      createTopics(config);
      return play(source, config, world);
    }
  }

  private static EventSource log(Path data) throws IOException {
    if (!Files.isDirectory(data)) {
      throw new IOException("--data: " + data + " - is no folder");
    }
    return new KuaiRandLog(KuaiRandConfig.of(data));
  }

  private CompletableFuture<EmbeddedBroker> startBroker() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return EmbeddedBroker.start(folder.resolve("broker"));
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker started", e);
          }
        });
  }

  private static EmbeddedBroker await(CompletableFuture<EmbeddedBroker> starting)
      throws IOException, InterruptedException {
    try {
      return starting.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof java.io.UncheckedIOException unchecked) {
        throw new IOException(unchecked.getMessage(), unchecked);
      }
      throw new IllegalStateException(e);
    }
  }

  private static void createTopics(TagstreamConfig config)
      throws IOException, InterruptedException {
    try (Admin admin = Admin.create(config.kafka().interactiveProperties())) {
      new KafkaTopics(admin).create(TopicSpec.wanted(config.topics()));
    }
  }

  private Map<String, Object> play(
      EventSource source, TagstreamConfig config, PlantedWorldConfig world) throws Exception {
    Path flink = Files.createDirectories(folder.resolve("state"));
    String trained = trainedMetric(config.learner());
    try (EmbeddedCluster cluster =
            EmbeddedCluster.start(
                FlinkSettings.of(config, flink), config.pipeline().parallelism(), flink);
        OutputWatch watch = new OutputWatch(config)) {
      Settling settling = new Settling(cluster, watch, trained, listener);
      boolean planted = plan.data() == null;
      InterestRecovery recovery = planted ? new InterestRecovery(new PlantedTruth(world)) : null;
      DayBoundaries days =
          planted
              ? null
              : new DayBoundaries(
                  config.learner().name(),
                  judged(config),
                  () -> settling.await(sent()),
                  watch::newest);
      EventPump.Observer observer =
          recovery != null ? recovery::observe : java.util.Objects.requireNonNull(days);
      EventPump pump =
          new EventPump(
              source,
              config,
              planted ? EventPump.Pace.times(world.speedup()) : EventPump.Pace.following(MAX_AHEAD),
              () -> accepted(cluster),
              observer);
      this.pump = pump;
      try (pump) {
        pump.sendReference();
        StreamExecutionEnvironment environment = cluster.environment();
        new KafkaJob(environment, config).live(SwitchOffsets.live(config));
        JobID job = cluster.submit(environment, JobShape.FUSED.jobName());
        watch.start();
        Run run =
            new Run(cluster, watch, pump, settling, config.learner(), recovery, judged(config));
        if (awaitReady(run, job)) {
          Thread sending = pump.start(failure -> pumpFailure = failure);
          listener.progress("events flow; Ctrl-C ends");
          watchOver(run, job, sending);
          pump.stop();
          sending.join();
        }
        listener.progress("ending: the job takes in what was sent ...");
        settling.await(pump.sent());
        DemoReport last = drain(run, job);
        return summary(last, config, source, days);
      }
    }
  }

  /**
   * Waits until every stage runs: what comes earlier would only show how long they take to start.
   * False when the demo is to end before.
   */
  private boolean awaitReady(Run run, JobID job) throws Exception {
    EmbeddedCluster cluster = run.cluster();
    String trained = trainedMetric(run.learner());
    while (!cluster.metrics().values().containsKey(trained)
        || accepted(cluster) < run.pump().sent()) {
      if (cluster.status(job).isGloballyTerminalState()) {
        throw new IllegalStateException("the job did not start: " + cluster.failure(job));
      }
      if (listener.waitOrStop(Duration.ofMillis(50))) {
        run.settling().hurry();
        return false;
      }
    }
    return true;
  }

  private long sent() {
    return java.util.Objects.requireNonNull(pump, "no pump").sent();
  }

  private static String trainedMetric(LearnerConfig learner) {
    return InProcessMetrics.ofModel(learner, DemoReport.TRAINED);
  }

  static long accepted(EmbeddedCluster cluster) {
    return Math.round(cluster.metrics().value(DemoReport.ACCEPTED));
  }

  /** What is running. */
  private record Run(
      EmbeddedCluster cluster,
      OutputWatch watch,
      EventPump pump,
      Settling settling,
      LearnerConfig learner,
      @Nullable InterestRecovery recovery,
      String judged) {}

  private void watchOver(Run run, JobID job, Thread sending) throws Exception {
    long startNanos = System.nanoTime();
    long lastNanos = startNanos;
    double lastAccepted = 0;
    double lastTrained = 0;
    while (true) {
      boolean stop = listener.waitOrStop(plan.reportInterval());
      long now = System.nanoTime();
      if (pumpFailure != null) {
        throw new IllegalStateException("sending events failed", pumpFailure);
      }
      JobStatus status = run.cluster().status(job);
      if (status.isGloballyTerminalState()) {
        throw new IllegalStateException("the job is " + status + ": " + run.cluster().failure(job));
      }
      if (Double.isNaN(firstProfileSeconds) && run.watch().count() > 0) {
        firstProfileSeconds = (now - startedNanos) / 1e9;
      }
      Map<String, Double> metrics = run.cluster().metrics().values();
      double accepted = metrics.getOrDefault(DemoReport.ACCEPTED, 0.0);
      double trained = metrics.getOrDefault(trainedMetric(run.learner()), 0.0);
      double interval = (now - lastNanos) / 1e9;
      double seconds = (now - startNanos) / 1e9;
      listener.report(
          report(
              run,
              seconds,
              (accepted - lastAccepted) / interval,
              (trained - lastTrained) / interval,
              run.watch().recentFreshness()));
      lastNanos = now;
      lastAccepted = accepted;
      lastTrained = trained;
      boolean over = plan.duration() != null && seconds * 1e3 >= plan.duration().toMillis();
      if (stop || over || !sending.isAlive()) {
        if (stop) {
          run.settling().hurry();
        }
        lastSeconds = seconds;
        return;
      }
    }
  }

  private DemoReport report(
      Run run,
      double seconds,
      double eventsPerSecond,
      double samplesPerSecond,
      OutputWatch.Freshness freshness) {
    long eventTime = run.pump().eventTimeMillis();
    InterestRecovery scorer = run.recovery();
    Recovery recovery =
        scorer == null
            ? null
            : scorer.score(rankings(run.watch().newest(), run.judged()), eventTime);
    return new DemoReport(
        seconds,
        run.pump().sent(),
        eventsPerSecond,
        samplesPerSecond,
        eventTime,
        run.learner(),
        run.cluster().metrics().values(),
        run.watch().count(),
        freshness,
        run.watch().metrics(),
        recovery,
        run.watch().recent());
  }

  /**
   * Name of the list in a profile that is judged. The planted world knows what users like, whatever
   * they are shown, which is the first task; a log knows what they clicked next, among all tags.
   */
  private String judged(TagstreamConfig config) {
    int output = plan.data() == null ? 0 : config.learner().rankingOutput(0);
    return config.learner().outputs().get(output);
  }

  /** Each user's tags by an output. */
  private static Map<String, List<String>> rankings(
      Map<String, PublishedProfile> published, String output) {
    Map<String, List<String>> rankings = new HashMap<>();
    published.forEach(
        (user, newest) -> {
          UserTagProfile profile = newest.profile();
          if (profile != null) {
            for (TaskTags tags : profile.getTasks()) {
              if (tags.getTask().equals(output)) {
                rankings.put(user, tags.getTags().stream().map(TagScore::getTag).toList());
              }
            }
          }
        });
    return rankings;
  }

  private DemoReport drain(Run run, JobID job) throws Exception {
    try {
      run.cluster().stop(job, true, folder.resolve("savepoint").toUri().toString(), DRAIN_LIMIT);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "the job did not end cleanly: " + EmbeddedCluster.rootMessage(e), e);
    }
    // The last profiles are in Kafka; the watch reads them within its next polls.
    long before;
    do {
      before = run.watch().count();
      TimeUnit.MILLISECONDS.sleep(300);
    } while (run.watch().count() != before);
    double trained = run.cluster().metrics().value(trainedMetric(run.learner()));
    return report(
        run,
        lastSeconds,
        perSecond((double) accepted(run.cluster())),
        perSecond(trained),
        run.watch().freshness());
  }

  private double perSecond(double count) {
    return lastSeconds == 0 ? 0 : count / lastSeconds;
  }

  private Map<String, Object> summary(
      DemoReport last, TagstreamConfig config, EventSource source, @Nullable DayBoundaries days) {
    Map<String, Object> summary = new LinkedHashMap<>(last.json());
    summary.put("model", config.learner().name());
    summary.put("seed", plan.seed());
    summary.put("firstProfileSeconds", firstProfileSeconds);
    if (days != null) {
      summary.put("nextDayTags", days.finish());
    }
    if (source instanceof KuaiRandLog log) {
      summary.put("log", log.report());
    }
    return summary;
  }
}

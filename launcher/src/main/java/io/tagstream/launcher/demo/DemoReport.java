package io.tagstream.launcher.demo;

import io.tagstream.launcher.demo.OutputWatch.Freshness;
import io.tagstream.launcher.evaluation.InterestRecovery.Recovery;
import io.tagstream.launcher.job.InProcessMetrics;
import io.tagstream.launcher.profiles.ProfileText;
import io.tagstream.launcher.profiles.PublishedProfile;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.TaskMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a demo stands.
 *
 * @param seconds wall time since events began to flow
 * @param sent events sent
 * @param eventsPerSecond events the job took in per second of wall time, over the report's interval
 * @param samplesPerSecond samples trained per second, over the report's interval
 * @param eventTimeMillis newest event time sent
 * @param learner the model whose figures are told
 * @param metrics sums of the stages' metrics by name
 * @param profiles profiles and tombstones read back from Kafka
 * @param freshness over the report's interval, over the whole run for the summary
 * @param models progressive validation of each model that has any, the champion's first
 * @param recovery in the planted world: how much of the truth is recovered
 * @param recent a few profiles
 */
public record DemoReport(
    double seconds,
    long sent,
    double eventsPerSecond,
    double samplesPerSecond,
    long eventTimeMillis,
    LearnerConfig learner,
    Map<String, Double> metrics,
    long profiles,
    Freshness freshness,
    List<ModelMetrics> models,
    @Nullable Recovery recovery,
    List<PublishedProfile> recent) {

  static final String ACCEPTED = "ingestion.accounting.accepted";
  static final String TRAINED = "samplesTrained";
  private static final String ACCOUNTING = "ingestion.accounting.";
  private static final String DEAD_LETTERS = "ingestion.deadLetters.";

  private long metric(String name) {
    return Math.round(metrics.getOrDefault(name, 0.0));
  }

  private long ofModel(String name) {
    return metric(InProcessMetrics.ofModel(learner, name));
  }

  /** The report as a JSON object: what a summary must hold and what explains it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seconds", rounded(seconds));
    json.put("sent", sent);
    json.put("events", metric(ACCEPTED));
    json.put("eventsPerSecond", rounded(eventsPerSecond));
    json.put("samplesTrained", ofModel(TRAINED));
    json.put("samplesPerSecond", rounded(samplesPerSecond));
    json.put("samplesQuarantined", ofModel("samplesQuarantined"));
    json.put("profilesPublished", profiles);
    json.put("deadLetters", metric(ACCOUNTING + "deadLettered"));
    json.put("deadLettersByReason", below(DEAD_LETTERS));
    json.put("accounting", below(ACCOUNTING));
    json.put("lateFacts", metric("features.lateFacts"));
    json.put("restarts", metric(InProcessMetrics.RESTARTS));
    Map<String, Object> fresh = new LinkedHashMap<>();
    fresh.put("p50", freshness.p50());
    fresh.put("p99", freshness.p99());
    fresh.put("profiles", freshness.profiles());
    json.put("freshnessMillis", fresh);
    json.put("tasks", models.isEmpty() ? Map.of() : tasks(models.get(0)));
    if (models.size() > 1) {
      Map<String, Object> all = new LinkedHashMap<>();
      models.forEach(each -> all.put(each.getModel(), tasks(each)));
      json.put("models", all);
    }
    if (recovery != null) {
      json.put("recoveredInterestsAt5", recovery.recoveredInterestsAt5());
      json.put("popularityAt5", recovery.popularityAt5());
      json.put("smoothedCountsAt5", recovery.smoothedCountsAt5());
      json.put("users", recovery.users());
      json.put("usersWithProfile", recovery.usersWithProfile());
    }
    json.put("eventTime", Instant.ofEpochMilli(eventTimeMillis).toString());
    return json;
  }

  private Map<String, Long> below(String prefix) {
    Map<String, Long> values = new LinkedHashMap<>();
    metrics.keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .sorted()
        .forEach(name -> values.put(name.substring(prefix.length()), metric(name)));
    return values;
  }

  private static Map<String, Object> tasks(ModelMetrics model) {
    Map<String, Object> tasks = new LinkedHashMap<>();
    for (TaskMetrics task : model.getTasks()) {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("auc", task.getAuc());
      figures.put("gauc", task.getGauc());
      figures.put("logLoss", task.getLogLoss());
      figures.put("ndcg", task.getNdcg());
      figures.put("predictedOverObserved", task.getPredictedOverObserved());
      figures.put("rows", task.getRows());
      tasks.put(task.getTask(), figures);
    }
    return tasks;
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }

  /** The report as a table for people. */
  public List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%5.0f s   %7.0f events/s   %7.0f samples/s   event time %s",
            seconds,
            eventsPerSecond,
            samplesPerSecond,
            Instant.ofEpochMilli(eventTimeMillis).toString().substring(0, 16)));
    lines.add(
        String.format(
            Locale.ROOT,
            "          %,d events, %,d samples, %,d profiles, %,d dead letters, %,d late",
            metric(ACCEPTED),
            ofModel(TRAINED),
            profiles,
            metric(ACCOUNTING + "deadLettered"),
            metric("features.lateFacts")));
    lines.add(
        String.format(
            Locale.ROOT,
            "          freshness, event in Kafka to profile in Kafka: p50 %d ms, p99 %d ms",
            freshness.p50(),
            freshness.p99()));
    if (metric(InProcessMetrics.RESTARTS) > 0) {
      lines.add(
          "          the job failed and was restored "
              + metric(InProcessMetrics.RESTARTS)
              + " times; the log says why");
    }
    for (ModelMetrics model : models) {
      // Which one it is needs no saying where there is one.
      String name = models.size() == 1 ? "task" : model.getModel();
      lines.add("          %-12s    AUC    GAUC  log loss  predicted/observed".formatted(name));
      for (TaskMetrics task : model.getTasks()) {
        lines.add(
            String.format(
                "          %-12s %6s  %6s  %8s  %6s",
                task.getTask(),
                figure(task.getAuc()),
                figure(task.getGauc()),
                figure(task.getLogLoss()),
                figure(task.getPredictedOverObserved())));
      }
    }
    if (recovery != null) {
      lines.add(
          String.format(
              Locale.ROOT,
              "          true interests among the first 5 tags: profiles %.3f, popularity %.3f,"
                  + " smoothed counts %.3f",
              recovery.recoveredInterestsAt5(),
              recovery.popularityAt5(),
              recovery.smoothedCountsAt5()));
    }
    recent.forEach(profile -> lines.add("          " + ProfileText.line(profile, 4)));
    return lines;
  }

  private static String figure(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }
}

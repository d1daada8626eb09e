package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.evaluation.NextDayConfig;
import io.tagstream.launcher.evaluation.NextDayEvaluator;
import io.tagstream.launcher.evaluation.NextDayTable;
import io.tagstream.launcher.evaluation.ProfileSnapshot;
import io.tagstream.launcher.evaluation.trial.Protocol;
import io.tagstream.launcher.evaluation.trial.TrialObserver;
import io.tagstream.launcher.world.EventSource;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Impression;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Each day's profiles against the clicks of the next. The first {@value #TUNING_DAYS} days are for
 * tuning and have figures of their own; the report is of the others.
 */
final class DailyProtocol implements Protocol {

  private static final int TUNING_DAYS = 4;
  private static final List<String> REPORTED =
      List.of("NDCG@3", "HR@3", "P@3", "R@3", "NDCG@5", "NDCG@10", "shownNDCG@3", "shownAUC");

  /** What an impression or its click is to the evaluator. */
  private record Event(
      String userId,
      String impressionId,
      @Nullable List<String> tags,
      boolean click,
      long timeMillis) {}

  private final RecordedLog log;
  private final TreeMap<LocalDate, List<Event>> days = new TreeMap<>();
  private final Map<LocalDate, Set<String>> clickers = new HashMap<>();
  private final NextDayEvaluator calendar = new NextDayEvaluator(NextDayConfig.defaults());

  /** A protocol over a source that ends. */
  DailyProtocol(EventSource source) {
    this.log = new RecordedLog(source);
  }

  @Override
  public String settings(String method) {
    return log.settings()
        + """
        negatives.per-impression: 15
        batch.size: 128
        profiles: {top-k: 1000, margin: 0}
        """;
  }

  @Override
  public void prepare(TagstreamConfig config, Path scratch)
      throws IOException, InterruptedException {
    log.prepare(config, scratch, this::note);
  }

  private void note(WorldEvent event) {
    if (event.record() instanceof Impression shown) {
      add(
          new Event(
              shown.getUserId(),
              shown.getImpressionId(),
              shown.getTags(),
              false,
              event.eventTimeMillis()));
    } else if (event.record() instanceof Click click) {
      add(
          new Event(
              click.getUserId(), click.getImpressionId(), null, true, event.eventTimeMillis()));
    }
  }

  private void add(Event event) {
    LocalDate day = calendar.dayOf(event.timeMillis());
    days.computeIfAbsent(day, date -> new ArrayList<>()).add(event);
    if (event.click()) {
      clickers.computeIfAbsent(day, date -> new TreeSet<>()).add(event.userId());
    }
  }

  @Override
  public Map<String, Object> data() {
    return log.data();
  }

  @Override
  public long recordsPerTrial(String method) {
    return NextDayEvaluator.BASELINES.contains(method) ? 0 : log.inputs().samples();
  }

  @Override
  public Map<String, Double> trial(
      String method, TagstreamConfig config, long seed, TrialObserver observer) {
    NextDayEvaluator evaluator = new NextDayEvaluator(NextDayConfig.defaults());
    if (NextDayEvaluator.BASELINES.contains(method)) {
      days.forEach((day, events) -> play(evaluator, events, () -> Map.of()));
      return figures(evaluator, method);
    }
    int ranking = config.learner().rankingOutput(LogTrial.clickTask(config.tasks()));
    try (LogTrial trial = new LogTrial(log.inputs(), config, seed)) {
      long start = System.nanoTime();
      if (observer.wantsReport()) {
        trial.observe();
      }
      days.forEach(
          (day, events) ->
              play(
                  evaluator,
                  events,
                  () -> {
                    trial.learnUntil(evaluator.endOf(day), observer::gone);
                    Set<String> wanted = clickers.getOrDefault(day.plusDays(1), Set.of());
                    return Map.of(method, trial.profiles(wanted, ranking));
                  }));
      Map<String, Double> figures = figures(evaluator, method);
      ValidationFigures.add(figures, config.tasks(), trial.figures());
      figures.put("seconds", (System.nanoTime() - start) / 1e9);
      if (observer.wantsReport()) {
        observer.learnt(trial.report());
      }
      return figures;
    }
  }

  /** What ranks the next day, made when a day is over. */
  private interface Profiles {
    Map<String, ProfileSnapshot> make();
  }

  private static void play(NextDayEvaluator evaluator, List<Event> events, Profiles profiles) {
    for (Event event : events) {
      if (event.click()) {
        evaluator.click(event.impressionId(), event.timeMillis());
      } else {
        evaluator.impression(
            event.userId(), event.impressionId(), event.tags(), event.timeMillis());
      }
    }
    evaluator.endDay(profiles.make());
  }

  private Map<String, Double> figures(NextDayEvaluator evaluator, String method) {
    LocalDate reportFrom = days.firstKey().plusDays(TUNING_DAYS);
    Map<String, Double> figures = new LinkedHashMap<>();
    for (NextDayTable.Row row : evaluator.rows(day -> !day.isBefore(reportFrom))) {
      if (row.method().equals(method) && row.users().equals("all")) {
        String prefix = row.average().equals("micro") ? "" : "per day ";
        for (String name : REPORTED) {
          Double value = row.metrics().get(name);
          if (value != null && (prefix.isEmpty() || name.equals("NDCG@3"))) {
            figures.put(prefix + name, value);
          }
        }
      }
    }
    for (NextDayTable.Row row : evaluator.rows(day -> day.isBefore(reportFrom))) {
      if (row.method().equals(method)
          && row.users().equals("all")
          && row.average().equals("micro")) {
        figures.put("tuning NDCG@3", row.metrics().getOrDefault("NDCG@3", Double.NaN));
      }
    }
    return figures;
  }
}

package io.tagstream.launcher.demo;

import io.tagstream.launcher.evaluation.NextDayConfig;
import io.tagstream.launcher.evaluation.NextDayEvaluator;
import io.tagstream.launcher.evaluation.NextDayTable;
import io.tagstream.launcher.evaluation.ProfileSnapshot;
import io.tagstream.launcher.profiles.PublishedProfile;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.TagScore;
import io.tagstream.schemas.TaskTags;
import io.tagstream.schemas.UserTagProfile;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Plays a log day by day: at midnight the pump waits until the job has digested the day, and the
 * profiles as published then are held against the next day's clicks.
 */
final class DayBoundaries implements EventPump.Observer {

  /** Waits until the job has taken in and published all it was sent. */
  interface Settling {
    void await() throws InterruptedException;
  }

  private final NextDayEvaluator evaluator = new NextDayEvaluator(NextDayConfig.defaults());
  private final String model;
  private final String task;
  private final Settling settling;
  private final Supplier<Map<String, PublishedProfile>> published;
  private @Nullable LocalDate day;

  /**
   * An evaluation.
   *
   * @param model the name the profiles go by in the table
   * @param task whose tags are ranked
   * @param published every user's newest profile
   */
  DayBoundaries(
      String model,
      String task,
      Settling settling,
      Supplier<Map<String, PublishedProfile>> published) {
    this.model = model;
    this.task = task;
    this.settling = settling;
    this.published = published;
  }

  @Override
  public void before(WorldEvent event) throws InterruptedException {
    // Stays and conversions may be dated after midnight though their row is of the day before.
    if (event.record() instanceof Impression impression) {
      endDayBefore(event);
      evaluator.impression(
          impression.getUserId(),
          impression.getImpressionId(),
          impression.getTags(),
          event.eventTimeMillis());
    } else if (event.record() instanceof Click click) {
      endDayBefore(event);
      evaluator.click(click.getImpressionId(), event.eventTimeMillis());
    }
  }

  private void endDayBefore(WorldEvent event) throws InterruptedException {
    LocalDate now = evaluator.dayOf(event.eventTimeMillis());
    if (day != null && now.isAfter(day)) {
      settling.await();
      evaluator.endDay(Map.of(model, snapshot()));
    }
    day = now;
  }

  private ProfileSnapshot snapshot() {
    Map<String, Map<String, Float>> scores = new HashMap<>();
    published
        .get()
        .forEach(
            (user, newest) -> {
              UserTagProfile profile = newest.profile();
              if (profile != null) {
                scores.put(user, scores(profile));
              }
            });
    return scores::get;
  }

  private Map<String, Float> scores(UserTagProfile profile) {
    Map<String, Float> scores = new HashMap<>();
    for (TaskTags tags : profile.getTasks()) {
      if (tags.getTask().equals(task)) {
        for (TagScore tag : tags.getTags()) {
          scores.put(tag.getTag(), tag.getScore());
        }
      }
    }
    return scores;
  }

  /** The table, once the log has ended. */
  NextDayTable finish() {
    return evaluator.finish();
  }
}

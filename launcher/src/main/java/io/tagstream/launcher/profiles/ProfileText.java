package io.tagstream.launcher.profiles;

import io.tagstream.schemas.Cause;
import io.tagstream.schemas.TagScore;
import io.tagstream.schemas.TaskStage;
import io.tagstream.schemas.TaskTags;
import io.tagstream.schemas.UserTagProfile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Profiles in words. */
public final class ProfileText {

  private ProfileText() {}

  /** One line: user, stage, the first tags of the first task, the newest cause. */
  public static String line(PublishedProfile published, int tags) {
    UserTagProfile profile = published.profile();
    if (profile == null) {
      return published.userId() + "  forgotten";
    }
    String first =
        profile.getTasks().isEmpty() ? "" : tags(profile.getTasks().get(0).getTags(), tags);
    List<Cause> causes = profile.getCauses();
    String why = causes.isEmpty() ? "" : "  <- " + cause(causes.get(causes.size() - 1));
    return String.format(
        Locale.ROOT, "%-10s %-7s %s%s", published.userId(), profile.getStageName(), first, why);
  }

  /** Everything in a profile, with the why. */
  public static List<String> page(PublishedProfile published) {
    UserTagProfile profile = published.profile();
    if (profile == null) {
      return List.of(published.userId() + " is forgotten: the newest record is a tombstone.");
    }
    List<String> lines = new ArrayList<>();
    lines.add("user      " + profile.getUserId());
    lines.add("version   " + profile.getVersion() + "  by model " + profile.getModelVersion());
    lines.add("event     " + Instant.ofEpochMilli(profile.getEventTimeMillis()));
    lines.add("published " + Instant.ofEpochMilli(profile.getPublishedAtMillis()));
    lines.add("stage     " + profile.getStageName());
    for (TaskStage stage : profile.getStages()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %-12s alpha %.2f  beta %.2f  labels %.0f  30-day mean %s",
              stage.getTask(),
              stage.getAlpha(),
              stage.getBeta(),
              stage.getCount(),
              stage.getPseudoLabel() == null ? "unknown" : stage.getPseudoLabel()));
    }
    lines.add("tags");
    for (TaskTags task : profile.getTasks()) {
      lines.add(String.format("  %-12s %s", task.getTask(), tags(task.getTags(), 10)));
    }
    lines.add("because");
    if (profile.getCauses().isEmpty()) {
      lines.add("  the model has moved since the last event");
    }
    for (Cause cause : profile.getCauses()) {
      lines.add("  " + Instant.ofEpochMilli(cause.getEventTimeMillis()) + "  " + cause(cause));
    }
    return lines;
  }

  private static String tags(List<TagScore> tags, int count) {
    return tags.stream()
        .limit(count)
        .map(tag -> String.format(Locale.ROOT, "%s %.2f", tag.getTag(), tag.getScore()))
        .collect(Collectors.joining(", "));
  }

  private static String cause(Cause cause) {
    return cause.getEmission().name().toLowerCase(Locale.ROOT)
        + " on "
        + cause.getItemId()
        + " "
        + cause.getTags();
  }
}

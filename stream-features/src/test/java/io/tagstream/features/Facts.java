package io.tagstream.features;

import io.tagstream.schemas.Emission;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.Opened;
import io.tagstream.schemas.TaskLabel;
import io.tagstream.schemas.UserFact;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Facts of a user {@code u}, for tests. */
public final class Facts {

  private Facts() {}

  /** The fact itself, of user {@code u}. */
  public static UserFact fact(Object body) {
    return new UserFact("u", body);
  }

  /** A video was shown. */
  public static Opened opened(
      String id,
      long time,
      @Nullable String scene,
      Map<String, String> context,
      List<String> tags,
      Map<String, String> privileged) {
    return new Opened(
        "u", id, "item", "video", time, null, scene, context, tags, privileged, false);
  }

  /** A video was shown, of which its tags alone are known. */
  public static Opened opened(String id, long time, String... tags) {
    return opened(id, time, null, Map.of(), List.of(tags), Map.of());
  }

  /** A label of a video's impression became known. */
  public static LabeledImpression label(
      String id, long shownAt, Emission emission, long at, String task, double value) {
    return new LabeledImpression(
        "u", id, shownAt, emission, List.of(new TaskLabel(task, value)), at, at + 7, false, false);
  }
}

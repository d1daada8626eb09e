package io.tagstream.launcher.bench;

import io.tagstream.schemas.Cause;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.StageName;
import io.tagstream.schemas.TagScore;
import io.tagstream.schemas.TaskStage;
import io.tagstream.schemas.TaskTags;
import io.tagstream.schemas.UserTagProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Profiles of the size a job publishes: three tasks, ten tags each, three causes. */
final class SampleProfiles {

  static final List<String> TASKS = List.of("click", "stay", "conversion");
  static final int TAGS_PER_TASK = 10;

  private static final int TAGS = 1_780;
  private static final int ITEMS = 100_000;
  private static final int CAUSES = 3;
  private static final long START_MILLIS = 1_700_000_000_000L;

  private final SplittableRandom random;

  SampleProfiles(long seed) {
    random = new SplittableRandom(seed);
  }

  static String userId(int number) {
    return "user-" + number;
  }

  /** The next profile; another one for each call. */
  UserTagProfile profile(int user) {
    long millis = START_MILLIS + user;
    List<TaskTags> tasks = new ArrayList<>();
    List<TaskStage> stages = new ArrayList<>();
    for (String task : TASKS) {
      tasks.add(new TaskTags(task, tags()));
      double count = random.nextInt(100);
      stages.add(new TaskStage(task, 1 + count / 3, 1 + count, count, random.nextFloat()));
    }
    return UserTagProfile.newBuilder()
        .setUserId(userId(user))
        .setVersion(millis << 16)
        .setEventTimeMillis(millis)
        .setPublishedAtMillis(millis)
        .setModelVersion("mvke-" + random.nextInt(1_000_000))
        .setTasks(tasks)
        .setStageName(StageName.WANDER)
        .setStages(stages)
        .setCauses(causes(millis))
        .setContentDigest(random.nextLong())
        .build();
  }

  private List<TagScore> tags() {
    List<TagScore> tags = new ArrayList<>();
    for (int n = 0; n < TAGS_PER_TASK; n++) {
      tags.add(new TagScore(tag(), random.nextFloat()));
    }
    return tags;
  }

  private List<Cause> causes(long millis) {
    List<Cause> causes = new ArrayList<>();
    for (int n = 0; n < CAUSES; n++) {
      String impression = Long.toHexString(random.nextLong());
      String item = "item-" + random.nextInt(ITEMS);
      causes.add(
          new Cause(Emission.CLICK, impression, item, List.of(tag(), tag()), millis, millis));
    }
    return causes;
  }

  private String tag() {
    return "category-" + random.nextInt(TAGS);
  }
}

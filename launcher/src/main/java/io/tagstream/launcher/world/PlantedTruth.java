package io.tagstream.launcher.world;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The truth of a planted world, computed from its configuration alone: it shares nothing with the
 * generator of the events, so one thread may score while another generates. Thread-safe.
 */
public final class PlantedTruth implements InterestTruth {

  private final ItemCatalog catalog;
  private final List<String> userIds = new ArrayList<>();
  private final List<UserTimeline> timelines = new ArrayList<>();

  /** The truth of the world with this configuration. */
  public PlantedTruth(PlantedWorldConfig config) {
    catalog = new ItemCatalog(config);
    for (int user = 0; user < config.users(); user++) {
      userIds.add(PlantedWorld.userId(user));
      timelines.add(new UserTimeline(config, user));
    }
  }

  @Override
  public Iterable<String> userIds() {
    return List.copyOf(userIds);
  }

  @Override
  public synchronized Set<String> trueInterests(String userId, long eventTimeMillis) {
    Set<String> tags = new LinkedHashSet<>();
    for (int topic : timelines.get(index(userId)).likedTopics(eventTimeMillis)) {
      tags.addAll(catalog.tags(topic));
    }
    return tags;
  }

  /**
   * What users came to like before a time, user by user; nothing of what they like from the start.
   *
   * @param untilMillis milliseconds since the epoch
   */
  public synchronized List<Drift> drifts(long untilMillis) {
    List<Drift> drifts = new ArrayList<>();
    for (int user = 0; user < timelines.size(); user++) {
      for (UserTimeline.Entry entry : timelines.get(user).entries(untilMillis)) {
        drifts.add(
            new Drift(
                userIds.get(user),
                new LinkedHashSet<>(catalog.tags(entry.topic())),
                entry.atMillis(),
                entry.untilMillis()));
      }
    }
    return drifts;
  }

  private int index(String userId) {
    try {
      int user = Integer.parseInt(userId, 1, userId.length(), 10);
      if (user >= 0 && user < timelines.size() && userIds.get(user).equals(userId)) {
        return user;
      }
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      // Falls through: no id of this world.
    }
    throw new IllegalArgumentException(
        "user '%s' - this world has %s to %s"
            .formatted(userId, userIds.get(0), userIds.get(userIds.size() - 1)));
  }
}

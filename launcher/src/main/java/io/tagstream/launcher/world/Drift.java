package io.tagstream.launcher.world;

import java.util.Set;

/**
 * A topic a user has come to like in place of another.
 *
 * @param userId who
 * @param tags of the topic
 * @param atMillis liked from this time on, milliseconds since the epoch
 * @param untilMillis liked up to this time; {@link Long#MAX_VALUE} where the time asked for ends
 *     before that is known
 */
public record Drift(String userId, Set<String> tags, long atMillis, long untilMillis) {

  public Drift {
    tags = Set.copyOf(tags);
  }
}

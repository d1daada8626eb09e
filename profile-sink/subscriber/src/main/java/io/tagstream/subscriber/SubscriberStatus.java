package io.tagstream.subscriber;

import org.jspecify.annotations.Nullable;

/**
 * How a subscriber is doing; counts are since its start, but for {@code users}.
 *
 * @param state whether it follows
 * @param caughtUp whether all that was in the topic at the start has been read, and no partition is
 *     being read again
 * @param startedFrom where the directory's first start began
 * @param users users with a profile
 * @param partitions partitions followed
 * @param records records read
 * @param changes changes told
 * @param repeats records that said again what was known
 * @param stale records with an older version than the known one
 * @param undecodable records that are no profile; they were skipped
 * @param lag records between what was read and the topic's end, as of the last fetch
 * @param problem what is waited for, or why it failed; null when all is well
 */
public record SubscriberStatus(
    State state,
    boolean caughtUp,
    StartFrom startedFrom,
    long users,
    int partitions,
    long records,
    long changes,
    long repeats,
    long stale,
    long undecodable,
    long lag,
    @Nullable String problem) {

  /** Whether a subscriber follows its topic. */
  public enum State {
    FOLLOWING,
    /** Kafka does not answer; it goes on when it does. */
    WAITING,
    /** It has stopped; look-ups still answer from what is kept. */
    FAILED,
    CLOSED
  }

  /** The same in another state. */
  SubscriberStatus in(State other, @Nullable String why) {
    return new SubscriberStatus(
        other,
        caughtUp,
        startedFrom,
        users,
        partitions,
        records,
        changes,
        repeats,
        stale,
        undecodable,
        lag,
        why);
  }
}

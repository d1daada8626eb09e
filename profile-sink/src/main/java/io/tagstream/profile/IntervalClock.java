package io.tagstream.profile;

/** The clock by which a user's profile is published at most once per interval. */
public enum IntervalClock {
  /** Of the machine: readers of a live job are spared. */
  WALL,
  /** Of the events: a replay publishes what the live job did, however fast it runs. */
  EVENT
}

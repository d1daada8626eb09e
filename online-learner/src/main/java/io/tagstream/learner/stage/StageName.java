package io.tagstream.learner.stage;

/** Life-cycle stage of a user (STAN); unknown without matured history. */
public enum StageName {
  UNKNOWN,
  NEW,
  WANDER,
  STICK,
  LOYAL
}

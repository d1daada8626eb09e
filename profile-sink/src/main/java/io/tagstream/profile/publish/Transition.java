package io.tagstream.profile.publish;

import io.tagstream.profile.state.UserProfileState;
import org.jspecify.annotations.Nullable;

/**
 * What one input or timer did to one user.
 *
 * @param state the state from now on
 * @param outcome what was decided
 * @param publication the profile to write; null unless {@link Outcome#PUBLISHED}
 */
public record Transition(
    UserProfileState state, Outcome outcome, @Nullable Publication publication) {

  /** What was decided. */
  public enum Outcome {
    /** Write the publication. */
    PUBLISHED,
    /** Nothing moved beyond the threshold: nothing to write. */
    UNCHANGED,
    /** A change waits for its interval; the state's pending profile says until when. */
    RATE_LIMITED,
    /** A score is no number: the published profile stands. */
    REFUSED,
    /** Nothing waits, or not yet. */
    NOTHING_DUE
  }

  static Transition quiet(UserProfileState state, Outcome outcome) {
    return new Transition(state, outcome, null);
  }
}

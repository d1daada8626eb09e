package io.tagstream.profile.publish;

import io.tagstream.profile.ProfileCause;
import io.tagstream.profile.ProfileConfig;
import io.tagstream.profile.ProfileContent;
import io.tagstream.profile.TaskRanking;
import io.tagstream.profile.publish.Transition.Outcome;
import io.tagstream.profile.select.ContentDigest;
import io.tagstream.profile.select.ProfileDifference;
import io.tagstream.profile.select.TagMovement;
import io.tagstream.profile.select.TagSelection;
import io.tagstream.profile.state.UserProfileState;
import io.tagstream.profile.state.UserProfileState.Pending;
import io.tagstream.profile.state.UserProfileState.Published;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The transition of one user's profile: every method takes a state and returns the next.
 *
 * <p>A candidate is always compared with what was published, never with what waits: a change that
 * is taken back before its interval is over is no change, and the last one is always published.
 */
public final class ProfilePublisher {

  private final TagSelection selection;
  private final float threshold;
  private final long intervalMillis;
  private final int maxCauses;

  /** A publisher as configured. */
  public ProfilePublisher(ProfileConfig config) {
    this.selection = new TagSelection(config);
    this.threshold = config.scoreThreshold();
    this.intervalMillis = config.interval().toMillis();
    this.maxCauses = config.maxCauses();
  }

  /**
   * A user was scored.
   *
   * @param candidates K and a margin of tags per task
   * @param causes the events that led to the scoring
   * @param now when the scoring is looked at
   */
  public Transition scored(
      UserProfileState state, ProfileContent candidates, List<ProfileCause> causes, Now now) {
    List<ProfileCause> allCauses = merge(state.causes(), causes);
    if (!candidates.finite()) {
      return Transition.quiet(
          new UserProfileState(state.version(), state.published(), state.pending(), allCauses),
          Outcome.REFUSED);
    }
    Published published = state.published();
    List<TaskRanking> before = published == null ? List.of() : published.rankings();
    ProfileContent content =
        candidates.withRankings(selection.select(candidates.rankings(), before));
    if (published == null) {
      return publish(state, content, allCauses, now);
    }
    if (unchanged(published, content)) {
      return Transition.quiet(
          new UserProfileState(state.version(), published, null, allCauses), Outcome.UNCHANGED);
    }
    long due = due(state, published, now);
    if (due <= now.intervalMillis()) {
      return publish(state, content, allCauses, now);
    }
    return Transition.quiet(
        new UserProfileState(state.version(), published, new Pending(due, content), allCauses),
        Outcome.RATE_LIMITED);
  }

  /** The timer of a user fired: publishes what waits and is due. */
  public Transition due(UserProfileState state, Now now) {
    Pending pending = state.pending();
    return pending == null || pending.dueMillis() > now.intervalMillis()
        ? Transition.quiet(state, Outcome.NOTHING_DUE)
        : publish(state, pending.content(), state.causes(), now);
  }

  /** The input is over: publishes what waits, due or not. */
  public Transition flush(UserProfileState state, Now now) {
    Pending pending = state.pending();
    return pending == null
        ? Transition.quiet(state, Outcome.NOTHING_DUE)
        : publish(state, pending.content(), state.causes(), now);
  }

  private boolean unchanged(Published published, ProfileContent content) {
    return published.digest() == ContentDigest.of(content.rankings())
        || ProfileDifference.between(published.rankings(), content.rankings(), threshold).isEmpty();
  }

  /** A clock that was set back must not silence a user for longer than one interval. */
  private long due(UserProfileState state, Published published, Now now) {
    long due = Math.min(published.intervalStartMillis(), now.intervalMillis()) + intervalMillis;
    Pending pending = state.pending();
    return pending == null ? due : Math.min(due, pending.dueMillis());
  }

  private Transition publish(
      UserProfileState state, ProfileContent content, List<ProfileCause> causes, Now now) {
    Published published = state.published();
    List<TaskRanking> before = published == null ? List.of() : published.rankings();
    List<TagMovement> moves = ProfileDifference.between(before, content.rankings(), threshold);
    long version = ProfileVersion.next(state.version(), now.wallMillis());
    long digest = ContentDigest.of(content.rankings());
    long eventTimeMillis =
        causes.isEmpty()
            ? content.eventTimeMillis()
            : causes.get(causes.size() - 1).eventTimeMillis();
    return new Transition(
        new UserProfileState(
            version,
            new Published(now.intervalMillis(), digest, content.rankings()),
            null,
            List.of()),
        Outcome.PUBLISHED,
        new Publication(
            version, eventTimeMillis, now.wallMillis(), content, causes, moves, digest));
  }

  /** Both lists by event time, each event once with what was said of it last, the newest kept. */
  private List<ProfileCause> merge(List<ProfileCause> known, List<ProfileCause> added) {
    if (added.isEmpty()) {
      return known;
    }
    List<ProfileCause> merged = new ArrayList<>(known);
    for (ProfileCause cause : added) {
      merged.removeIf(cause::sameEvent);
      merged.add(cause);
    }
    merged.sort(Comparator.comparingLong(ProfileCause::eventTimeMillis)); // stable
    return merged.size() <= maxCauses
        ? merged
        : merged.subList(merged.size() - maxCauses, merged.size());
  }
}

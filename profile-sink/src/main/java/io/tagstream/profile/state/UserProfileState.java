package io.tagstream.profile.state;

import io.tagstream.profile.ProfileCause;
import io.tagstream.profile.ProfileContent;
import io.tagstream.profile.TaskRanking;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sink remembers of one user.
 *
 * @param version version of the last profile or tombstone; 0 before the first
 * @param published the last published profile; null before the first and after a tombstone
 * @param pending a changed profile that waits for its interval; null when none does
 * @param causes events since the last published profile, newest last, bounded
 */
public record UserProfileState(
    long version,
    @Nullable Published published,
    @Nullable Pending pending,
    List<ProfileCause> causes) {

  /** The state of a user never heard of. */
  public static final UserProfileState EMPTY = new UserProfileState(0, null, null, List.of());

  /**
   * The part of a published profile that the next is compared with.
   *
   * @param intervalStartMillis when it was published, by the clock of the interval
   * @param digest its content digest
   * @param rankings its tags
   */
  public record Published(long intervalStartMillis, long digest, List<TaskRanking> rankings) {

    public Published {
      rankings = List.copyOf(rankings);
    }
  }

  /**
   * A profile that waits.
   *
   * @param dueMillis from when on it may be published, by the clock of the interval
   * @param content the selected profile
   */
  public record Pending(long dueMillis, ProfileContent content) {}

  public UserProfileState {
    causes = List.copyOf(causes);
  }
}

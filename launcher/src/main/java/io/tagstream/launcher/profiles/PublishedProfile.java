package io.tagstream.launcher.profiles;

import io.tagstream.schemas.UserTagProfile;
import io.tagstream.subscriber.KeptProfile;
import io.tagstream.subscriber.ProfileChange;
import org.jspecify.annotations.Nullable;

/**
 * One record of the topic of profiles.
 *
 * @param userId the record's key
 * @param appendTimeMillis when the broker appended it, milliseconds since the epoch
 * @param profile null for a tombstone: the user is forgotten
 */
public record PublishedProfile(
    String userId, long appendTimeMillis, @Nullable UserTagProfile profile) {

  /** The record that a change came from. */
  public static PublishedProfile of(ProfileChange change) {
    return new PublishedProfile(change.userId(), change.appendTimeMillis(), change.after());
  }

  /** The record that is kept of a user. */
  public static PublishedProfile of(KeptProfile kept) {
    return new PublishedProfile(kept.userId(), kept.appendTimeMillis(), kept.profile());
  }
}

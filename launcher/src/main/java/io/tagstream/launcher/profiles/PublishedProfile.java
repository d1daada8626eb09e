package io.tagstream.launcher.profiles;

import io.tagstream.schemas.UserTagProfile;
import org.jspecify.annotations.Nullable;

/**
 * One record of the topic of profiles.
 *
 * @param userId the record's key
 * @param appendTimeMillis when the broker appended it, milliseconds since the epoch
 * @param profile null for a tombstone: the user is forgotten
 */
public record PublishedProfile(
    String userId, long appendTimeMillis, @Nullable UserTagProfile profile) {}

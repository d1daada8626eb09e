package io.tagstream.subscriber;

import io.tagstream.schemas.UserTagProfile;

/**
 * A user's newest profile, with when it came.
 *
 * @param userId the record's key
 * @param appendTimeMillis when the broker appended it, milliseconds since the epoch
 * @param profile the profile
 */
public record KeptProfile(String userId, long appendTimeMillis, UserTagProfile profile) {}

package io.tagstream.subscriber;

import io.tagstream.schemas.UserTagProfile;
import org.jspecify.annotations.Nullable;

/**
 * What became different for one user. At least one of before and after is there.
 *
 * @param userId the record's key
 * @param before the profile known until now; null when none was
 * @param after the profile from now on; null when the user is forgotten
 * @param appendTimeMillis when the broker appended the record, milliseconds since the epoch; for a
 *     user whose tombstone was missed, when that was found, by this machine's clock
 */
public record ProfileChange(
    String userId,
    @Nullable UserTagProfile before,
    @Nullable UserTagProfile after,
    long appendTimeMillis) {}

package io.tagstream.profile.publish;

import io.tagstream.profile.ProfileCause;
import io.tagstream.profile.ProfileContent;
import io.tagstream.profile.select.TagMovement;
import java.util.List;

/**
 * A profile to be written.
 *
 * @param version higher than every version of the user before
 * @param eventTimeMillis event time of the newest cause; of the scoring where there is no cause
 * @param publishedAtMillis wall clock, milliseconds since the epoch
 * @param content the selected tags with model and stage
 * @param causes events since the last published profile, newest last
 * @param moves what changed against the last published profile; all tags enter in the first
 * @param digest digest of tags and scores
 */
public record Publication(
    long version,
    long eventTimeMillis,
    long publishedAtMillis,
    ProfileContent content,
    List<ProfileCause> causes,
    List<TagMovement> moves,
    long digest) {}

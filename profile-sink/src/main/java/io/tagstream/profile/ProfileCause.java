package io.tagstream.profile;

import java.util.List;

/**
 * One event that led to a profile.
 *
 * @param emission kind of event, by name
 * @param impressionId the impression it refers to
 * @param itemId the item
 * @param tags the item's tags
 * @param eventTimeMillis when it happened, milliseconds since the epoch
 * @param appendTimeMillis when the broker appended it, milliseconds since the epoch
 */
public record ProfileCause(
    String emission,
    String impressionId,
    String itemId,
    List<String> tags,
    long eventTimeMillis,
    long appendTimeMillis) {

  public ProfileCause {
    tags = List.copyOf(tags);
  }

  /** Whether both speak of the same event: an impression has one emission of each kind. */
  public boolean sameEvent(ProfileCause other) {
    return emission.equals(other.emission) && impressionId.equals(other.impressionId);
  }
}

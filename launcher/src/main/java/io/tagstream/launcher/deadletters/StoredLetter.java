package io.tagstream.launcher.deadletters;

import io.tagstream.schemas.DeadLetter;

/**
 * A dead letter and where it lies.
 *
 * @param place in the topic
 * @param appendTimeMillis when it was written there
 * @param letter what it says
 */
public record StoredLetter(LetterPlace place, long appendTimeMillis, DeadLetter letter) {

  /** Whether its record had been sent again before it was refused (again). */
  public boolean wasResubmitted() {
    return letter.getHeaders().stream()
        .anyMatch(header -> header.getName().equals(Resubmitter.HEADER));
  }
}

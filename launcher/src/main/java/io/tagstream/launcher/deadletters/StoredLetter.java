package io.tagstream.launcher.deadletters;

import io.tagstream.schemas.DeadLetter;

/**
 * A dead letter and where it lies.
 *
 * @param partition of the topic of dead letters
 * @param offset in it
 * @param appendTimeMillis when it was written there
 * @param letter what it says
 */
public record StoredLetter(int partition, long offset, long appendTimeMillis, DeadLetter letter) {

  /** Its place, as the command line has it. */
  public String place() {
    return partition + ":" + offset;
  }

  /** Whether its record had been sent again before it was refused (again). */
  public boolean wasResubmitted() {
    return letter.getHeaders().stream()
        .anyMatch(header -> header.getName().equals(Resubmitter.HEADER));
  }
}

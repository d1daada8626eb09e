package io.tagstream.profile.publish;

/**
 * Versions of a user's profiles: {@code max(previous + 1, wallMillis << 16)}.
 *
 * <p>{@code previous + 1} keeps them rising while the state is there; the wall clock keeps them
 * rising when it is not, that is when a restore brings back a checkpoint older than profiles
 * already written. That holds as long as the clock of the restored job is ahead of the last
 * published version's milliseconds, and a user gets at most 65,536 versions in one millisecond.
 */
public final class ProfileVersion {

  private static final int CLOCK_SHIFT = 16;

  private ProfileVersion() {}

  /**
   * The version after {@code previous}.
   *
   * @param previous the last version known; 0 for none
   * @param wallMillis wall clock, milliseconds since the epoch
   */
  public static long next(long previous, long wallMillis) {
    return Math.max(Math.addExact(previous, 1), wallMillis << CLOCK_SHIFT);
  }
}

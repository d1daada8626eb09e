package io.tagstream.profile.publish;

/**
 * The time of an input or a timer.
 *
 * @param wallMillis wall clock, milliseconds since the epoch; versions come from it
 * @param intervalMillis by the clock of the interval; the same, or event time
 */
public record Now(long wallMillis, long intervalMillis) {}

package io.tagstream.ingestion.join;

/**
 * An impression, as far as the join reads it.
 *
 * @param impressionId names it among the user's impressions
 * @param timeMillis when it was shown, positive
 * @param contentDigest equal for repetitions, different (but for chance) for other contents
 */
public record Shown(String impressionId, long timeMillis, long contentDigest) {}

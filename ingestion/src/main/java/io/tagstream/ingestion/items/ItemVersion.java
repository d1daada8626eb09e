package io.tagstream.ingestion.items;

import java.util.List;
import java.util.Map;

/**
 * What an item was from some time on.
 *
 * @param timeMillis from when on it holds, milliseconds since the epoch, positive
 * @param tags its tags, in order
 * @param privileged features that only training may read, by name
 */
public record ItemVersion(long timeMillis, List<String> tags, Map<String, String> privileged) {}

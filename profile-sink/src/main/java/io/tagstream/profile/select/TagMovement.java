package io.tagstream.profile.select;

import org.jspecify.annotations.Nullable;

/**
 * One tag's move in one task.
 *
 * @param task the task's name
 * @param tag the tag
 * @param before its score as published before; null when it entered
 * @param after its score now; null when it left
 */
public record TagMovement(String task, String tag, @Nullable Float before, @Nullable Float after) {}

/**
 * Profiles out of the model: the best tags of many users at once.
 *
 * <p>In: user fields. Out: candidates per task. Knows DJL through {@code model}; nothing of Flink
 * or Avro may enter.
 */
@NullMarked
package io.tagstream.learner.scoring;

import org.jspecify.annotations.NullMarked;

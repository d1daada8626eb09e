/**
 * The learner's configuration: one value that every part of the engine and its operator is built
 * from.
 *
 * <p>In: parsed settings. Out: validated records. Nothing of Flink or DJL may enter.
 */
@NullMarked
package io.tagstream.learner;

import org.jspecify.annotations.NullMarked;

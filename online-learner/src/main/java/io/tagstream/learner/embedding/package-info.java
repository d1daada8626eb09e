/**
 * Embedding rows in plain Java: 64-bit feature ids to rows of weights with their AdaGrad
 * accumulators, in copy-on-write pages.
 *
 * <p>In: feature ids, gradients, event time. Out: row values and frozen pages. Nothing of Flink,
 * Avro or DJL may enter.
 */
@NullMarked
package io.tagstream.learner.embedding;

import org.jspecify.annotations.NullMarked;

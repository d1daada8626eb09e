/**
 * The feature stage in Flink: a keyed stream of user facts in, the learner's input out. Reads
 * state, calls the transition, writes state, emits; no feature is computed here. Where the bins of
 * stays are counted, two operators beside it count, merge and hand the edges back to it.
 */
@NullMarked
package io.tagstream.features.flink;

import org.jspecify.annotations.NullMarked;

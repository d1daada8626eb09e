/**
 * The feature stage in Flink: a keyed stream of user facts in, the learner's input out. Reads
 * state, calls the transition, writes state, emits; no feature is computed here.
 */
@NullMarked
package io.tagstream.features.flink;

import org.jspecify.annotations.NullMarked;

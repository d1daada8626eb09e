/**
 * From facts about users to what the learner reads. In come impressions, labels and attributes, out
 * go training samples with their features as of the impression, and score requests. Algorithms live
 * in the sub-packages and know no Flink; {@code .flink} alone adapts.
 */
@NullMarked
package io.tagstream.features;

import org.jspecify.annotations.NullMarked;

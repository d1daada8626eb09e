/**
 * The transition of a user's record as a pure function: in come the packed record, a fact and the
 * watermark, out go the new record, training samples and score requests. The generated records of
 * the seams enter here and no deeper; nothing of Flink may enter.
 */
@NullMarked
package io.tagstream.features.transition;

import org.jspecify.annotations.NullMarked;

/**
 * A network's part as it was some steps ago, for the rest of it to read.
 *
 * <p>In: live parameters and rows. Out: tensors without gradients. Nothing of Flink or Avro may
 * enter.
 */
@NullMarked
package io.tagstream.learner.frozen;

import org.jspecify.annotations.NullMarked;

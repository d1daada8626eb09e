/**
 * Model snapshots for other programs: a folder with a safetensors file and a JSON manifest, which
 * appears whole or not at all. Not the checkpoint: that is operator state.
 *
 * <p>In: named tensors as bytes. Out: files. Nothing of Flink, DJL, Kafka or Avro may enter.
 */
@NullMarked
package io.tagstream.learner.snapshot;

import org.jspecify.annotations.NullMarked;

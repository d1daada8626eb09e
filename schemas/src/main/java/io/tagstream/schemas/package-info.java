/**
 * The records of every topic and of every seam between stages, generated from the Avro IDL beside
 * this package, with the few values all stages share: topics, tasks and feature ids.
 *
 * <p>Nothing of Flink, Kafka or DJL may enter.
 */
@NullMarked
package io.tagstream.schemas;

import org.jspecify.annotations.NullMarked;

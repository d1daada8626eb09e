/**
 * Avro single-object encoding of the records of {@link io.tagstream.schemas.Topic topics}: bytes
 * in, records out and back.
 */
@NullMarked
package io.tagstream.schemas.codec;

import org.jspecify.annotations.NullMarked;

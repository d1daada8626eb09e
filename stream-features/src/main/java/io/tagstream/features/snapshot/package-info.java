/**
 * What a model reads about a user: in come the committed statistics, history and attributes as of a
 * time, out go bags of feature ids, field by field, under a versioned schema. Nothing of Flink or
 * Avro may enter.
 */
@NullMarked
package io.tagstream.features.snapshot;

import org.jspecify.annotations.NullMarked;

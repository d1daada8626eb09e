/**
 * Schemas by id, from a registry with the HTTP interface of Confluent's.
 *
 * <p>In: an id. Out: the schema it was given to, remembered for ever.
 */
@NullMarked
package io.tagstream.ingestion.decode.registry;

import org.jspecify.annotations.NullMarked;

/**
 * From a user's own record to the canonical one: where each field comes from and how its value is
 * read.
 *
 * <p>In: a tree of JSON nodes, whatever the wire format was, and the rules of the configuration.
 * Out: a canonical record, or the field, value and rule that prevent it.
 */
@NullMarked
package io.tagstream.ingestion.decode.mapping;

import org.jspecify.annotations.NullMarked;

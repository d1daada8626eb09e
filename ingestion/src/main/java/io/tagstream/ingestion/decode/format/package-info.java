/**
 * Wire formats: from the bytes of a value to a record of the topic's class.
 *
 * <p>In: untouched bytes. Out: a canonical record, or the reason why there is none.
 */
@NullMarked
package io.tagstream.ingestion.decode.format;

import org.jspecify.annotations.NullMarked;

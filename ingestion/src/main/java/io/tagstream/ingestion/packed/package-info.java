/**
 * Bytes of packed state: variable-length numbers and text, with every read checked.
 *
 * <p>In: primitive values. Out: bytes, and back. Layouts are named by those who write them.
 */
@NullMarked
package io.tagstream.ingestion.packed;

import org.jspecify.annotations.NullMarked;

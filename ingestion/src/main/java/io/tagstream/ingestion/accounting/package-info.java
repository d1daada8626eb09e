/**
 * Where every record went: counts that must add up.
 *
 * <p>In: what happened to each record. Out: counts and their difference. Pure.
 */
@NullMarked
package io.tagstream.ingestion.accounting;

import org.jspecify.annotations.NullMarked;

/**
 * Which version of an item an impression saw.
 *
 * <p>In: an item's versions and a time. Out: the version. Pure; no generated record may enter.
 */
@NullMarked
package io.tagstream.ingestion.items;

import org.jspecify.annotations.NullMarked;

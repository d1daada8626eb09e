/**
 * The packed, versioned record of one user: committed statistics, pending facts, open impressions
 * with their snapshots. In come bytes, out go bytes; what an event does not touch is copied, not
 * decoded. Nothing of Flink or Avro may enter.
 */
@NullMarked
package io.tagstream.features.record;

import org.jspecify.annotations.NullMarked;

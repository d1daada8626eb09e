/**
 * The label join: one user's impressions meet their clicks, stays and conversions.
 *
 * <p>In: one user's state, one event or the watermark. Out: the changed state, labels that became
 * known, refused engagements. A pure transition; no Flink, no Kafka, no generated record may enter.
 */
@NullMarked
package io.tagstream.ingestion.join;

import org.jspecify.annotations.NullMarked;

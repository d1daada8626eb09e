package io.tagstream.learner.assembly;

import io.tagstream.learner.batch.MicroBatch;
import java.util.List;

/**
 * A micro-batch with what each of its impressions is to validation and stages.
 *
 * @param batch what the trainer reads
 * @param impressions {@code [I]} in the batch's order
 */
public record AssembledBatch(MicroBatch batch, List<BatchImpression> impressions) {}

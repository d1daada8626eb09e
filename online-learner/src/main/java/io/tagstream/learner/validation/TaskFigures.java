package io.tagstream.learner.validation;

import org.jspecify.annotations.Nullable;

/**
 * What progressive validation says of one task. Undefined figures are null, not zero.
 *
 * @param rows rows in the window
 * @param positives sum of their labels
 * @param auc probability that a positive ranks above a negative; null without both
 * @param gauc AUC within users, weighted by rows; null when no user has both
 * @param logLoss mean cross entropy; null without rows
 * @param ndcg mean NDCG of users with a positive; null without one
 * @param predictedOverObserved sum of first predictions over sum of labels of matured impressions;
 *     null when nothing positive has matured
 */
public record TaskFigures(
    long rows,
    double positives,
    @Nullable Double auc,
    @Nullable Double gauc,
    @Nullable Double logLoss,
    @Nullable Double ndcg,
    @Nullable Double predictedOverObserved) {}

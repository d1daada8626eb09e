/**
 * What became of a trial's model, to look at: learning curves, the importance of features, and
 * which experts serve which tags, as tables and as charts.
 *
 * <p>In: a {@link io.tagstream.launcher.evaluation.report.ModelReport}. Out: CSV and PNG files.
 */
@NullMarked
package io.tagstream.launcher.evaluation.report;

import org.jspecify.annotations.NullMarked;

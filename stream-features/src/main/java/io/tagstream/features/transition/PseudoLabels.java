package io.tagstream.features.transition;

import io.tagstream.features.window.RollingLabels;
import io.tagstream.features.window.Window;
import java.util.List;

/** STAN's l: the user's mean matured label over the previous 30 days, per task. */
final class PseudoLabels {

  private final float[] priors;

  PseudoLabels(List<Double> priorMeans) {
    this.priors = new float[priorMeans.size()];
    for (int task = 0; task < priors.length; task++) {
      priors[task] = priorMeans.get(task).floatValue();
    }
  }

  /**
   * Reads them off.
   *
   * @param out takes the mean, or the prior where there is no matured history
   * @return bit per task with matured history
   */
  long read(RollingLabels labels, float[] out) {
    long mask = 0;
    for (int task = 0; task < priors.length; task++) {
      if (labels.count(task, Window.MONTH) > 0) {
        mask |= 1L << task;
        out[task] = (float) labels.mean(task, Window.MONTH);
      } else {
        out[task] = priors[task];
      }
    }
    return mask;
  }
}

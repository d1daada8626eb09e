package io.tagstream.launcher.evaluation.trial;

import io.tagstream.launcher.evaluation.report.ModelReport;

/** Is told of a trial while it goes on; by one thread at a time. */
@FunctionalInterface
public interface TrialObserver {

  /** So many further records were gone through. */
  void gone(long records);

  /** Whether a report of the model is wanted; it costs some time. */
  default boolean wantsReport() {
    return false;
  }

  /** What became of the trial's model; where it is wanted, before the trial ends. */
  default void learnt(ModelReport report) {}
}

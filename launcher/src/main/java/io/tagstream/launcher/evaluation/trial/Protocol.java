package io.tagstream.launcher.evaluation.trial;

import io.tagstream.learner.LearnerConfig;
import java.util.Map;
import java.util.function.LongConsumer;

/** A data set that was read: trials of methods, any number of them at a time. */
public interface Protocol {

  /** What was read and how it was split, by name; for reports. */
  Map<String, Object> data();

  /**
   * Tries a method once.
   *
   * @param config network, sizes and seed
   * @param trained told how many records were trained since the last call
   * @return figures by name, in the order of tables
   */
  Map<String, Double> trial(String method, LearnerConfig config, LongConsumer trained);

  /** Records a trial trains on at most. */
  long recordsPerTrial(String method);
}

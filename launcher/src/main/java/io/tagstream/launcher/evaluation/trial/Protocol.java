package io.tagstream.launcher.evaluation.trial;

import io.tagstream.launcher.config.TagstreamConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A data set that was read: trials of methods, any number of them at a time. */
public interface Protocol {

  /**
   * A method's settings as YAML, where the protocol differs from the defaults; the user's own stand
   * above them.
   */
  String settings(String method);

  /**
   * Makes what all trials share; before the first one.
   *
   * @param config of the first trial
   * @param scratch an empty folder of its own, which lives as long as the trials
   * @throws IOException when it cannot be made; the message says why
   */
  default void prepare(TagstreamConfig config, Path scratch)
      throws IOException, InterruptedException {}

  /** What was read and how it was split, by name; for reports. */
  Map<String, Object> data();

  /**
   * Tries a method once.
   *
   * @param config how features are made and the network is trained
   * @param seed of everything random in it
   * @param observer is told how far it is, and where it wants one, a report of the model
   * @return figures by name, in the order of tables
   * @throws IOException when what it needs cannot be made; the message says why
   */
  Map<String, Double> trial(
      String method, TagstreamConfig config, long seed, TrialObserver observer)
      throws IOException, InterruptedException;

  /** Records a trial goes through, for showing how far it is. */
  long recordsPerTrial(String method);
}

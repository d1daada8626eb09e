package io.tagstream.launcher.evaluation.trial;

import io.tagstream.learner.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A data set with the protocol by which methods are compared on it. */
public interface Evaluation {

  /** Name on the command line: lower case with dashes. */
  String name();

  /** One line: what is learnt from what. */
  String summary();

  /** The methods that can be tried, in the order of tables: networks and baselines. */
  List<String> methods();

  /** Baselines, and all networks behind them. */
  static List<String> withNetworks(List<String> baselines) {
    return Stream.concat(
            baselines.stream(), Arrays.stream(Network.values()).map(Network::configName))
        .toList();
  }

  /** Whether its trials report on their models. */
  default boolean reports() {
    return false;
  }

  /**
   * Reads the data.
   *
   * @param data folder of the data set; null where none was named
   * @throws IOException when it is missing or cannot be read; the message names it
   */
  Protocol open(@Nullable Path data) throws IOException;
}

package io.tagstream.launcher.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with every mistake in it. */
public final class InvalidConfigurationException extends Exception {

  private final transient List<Problem> problems;

  /**
   * All that is wrong.
   *
   * @param file the file's name, for people
   * @param problems at least one
   */
  public InvalidConfigurationException(String file, List<Problem> problems) {
    super(
        file
            + ": "
            + (problems.size() == 1 ? "1 mistake" : problems.size() + " mistakes")
            + problems.stream().map(p -> "\n  " + p).collect(Collectors.joining()));
    this.problems = List.copyOf(problems);
  }

  /** Every mistake, in the order of the file. */
  public List<Problem> problems() {
    return problems;
  }
}

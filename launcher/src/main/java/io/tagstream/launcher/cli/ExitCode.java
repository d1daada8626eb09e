package io.tagstream.launcher.cli;

/** What the process tells the shell. */
final class ExitCode {

  static final int OK = 0;

  /** Something went wrong that the configuration is not to blame for. */
  static final int FAILURE = 1;

  /** Wrong arguments or a wrong configuration file. */
  static final int CONFIGURATION = 2;

  private ExitCode() {}
}

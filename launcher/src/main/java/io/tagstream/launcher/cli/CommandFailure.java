package io.tagstream.launcher.cli;

/** A command that could not do its work, with what to tell the person; exit code 1. */
final class CommandFailure extends Exception {

  CommandFailure(String message) {
    super(message);
  }

  CommandFailure(String message, Throwable cause) {
    super(message, cause);
  }
}

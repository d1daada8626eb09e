package io.tagstream.launcher.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.logging.log4j.LogManager;

/** What must hold for the whole process before the first logger or native library is used. */
final class ProcessSetup {

  private static final String LOG_CONFIG = "log4j2.configurationFile";

  private ProcessSetup() {}

  /** Makes the run's folder and sends logs there, unless the command line says otherwise. */
  static void prepare() {
    try {
      RunFolder folder = RunFolder.current();
      System.setProperty("tagstream.log", folder.path().resolve("tagstream.log").toString());
    } catch (IOException e) {
      throw new UncheckedIOException("the folder for logs and state cannot be made", e);
    }
    if (System.getProperty(LOG_CONFIG) == null) {
      System.setProperty(LOG_CONFIG, "classpath:tagstream-log4j2.xml");
    }
  }

  /** Removes the run's folder; after a failure it stays, for its log. */
  static void cleanUp(int exitCode) {
    LogManager.shutdown();
    try {
      Path folder = RunFolder.current().path();
      if (exitCode == ExitCode.FAILURE) {
        System.err.println("tagstream: the log is " + folder.resolve("tagstream.log"));
      } else {
        RunFolder.delete(folder);
      }
    } catch (IOException e) {
      // The next run removes it.
    }
  }
}

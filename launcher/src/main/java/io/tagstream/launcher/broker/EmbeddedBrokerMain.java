package io.tagstream.launcher.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/**
 * The broker process. Argument: a properties file. Formats the data folder where that was not done
 * yet, starts, prints one line {@code READY} to standard output, and ends when its standard input
 * does: the launcher holds the other end of that pipe, so the broker ends with it, however the
 * launcher ended.
 */
public final class EmbeddedBrokerMain {

  /** What the process prints when clients may connect. */
  static final String READY = "READY";

  /** The launcher may be gone already: nobody would end a shutdown that hangs. */
  private static final long SHUTDOWN_LIMIT_MILLIS = 3_000;

  private EmbeddedBrokerMain() {}

  /**
   * Runs the broker until standard input ends.
   *
   * @param args the path of the broker's properties file
   */
  @SuppressWarnings("SystemExitOutsideMain") // the process is nothing but this broker
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    format(file);
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
    Thread input = new Thread(EmbeddedBrokerMain::exitAtEndOfInput, "end-of-input");
    input.setDaemon(true);
    input.start();
    server.startup();
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "broker-shutdown"));
    System.out.println(READY);
    server.awaitShutdown();
  }

  private static void format(Path properties) throws IOException {
    try (PrintStream quiet =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      int code =
          StorageTool.execute(
              new String[] {
                "format",
                "--cluster-id",
                BrokerProperties.CLUSTER_ID,
                "--config",
                properties.toString(),
                "--ignore-formatted"
              },
              quiet);
      if (code != 0) {
        throw new IOException(
            "the broker's data folder could not be formatted (code " + code + "): " + properties);
      }
    }
  }

  private static void exitAtEndOfInput() {
    try (InputStream input = System.in) {
      while (input.read() >= 0) {
        // Whatever comes is ignored: only the end counts.
      }
    } catch (IOException e) {
      // A broken pipe is an end as well.
    }
    Thread limit =
        new Thread(
            () -> {
              try {
                Thread.sleep(SHUTDOWN_LIMIT_MILLIS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              // The log is crash-safe: a restart recovers what a clean end would have written.
              Runtime.getRuntime().halt(1);
            },
            "shutdown-limit");
    limit.setDaemon(true);
    limit.start();
    System.exit(0);
  }
}

package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.cli.Tagstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command of {@code tagstream} as a process of its own. */
final class LauncherProcess implements AutoCloseable {

  private static final Duration END_LIMIT = Duration.ofMinutes(2);

  private final Process process;
  private final Path folder;

  private LauncherProcess(Process process, Path folder) {
    this.process = process;
    this.folder = folder;
  }

  /**
   * Starts a command.
   *
   * @param folder for its output, and for the folders of its run
   */
  static LauncherProcess start(Path folder, List<String> arguments) throws IOException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>();
    // A test run in the background of a shell ignores SIGINT, and its children would as well.
    command.addAll(List.of("env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx768m",
            "-XX:MaxMetaspaceSize=384m",
            "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.tagstream.schemas",
            "-DDJL_OFFLINE=true",
            "-DOPT_OUT_TRACKING=true",
            "-Dtagstream.home=" + home(folder),
            Tagstream.class.getName()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return new LauncherProcess(
        builder
            .redirectOutput(folder.resolve("output").toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start(),
        folder);
  }

  private static Path home(Path folder) {
    return folder.resolve("home");
  }

  /** Where the folders of its runs are. */
  Path home() {
    return home(folder);
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Whether it runs, which it must. */
  boolean runs() throws IOException {
    assertThat(process.isAlive()).as(errors()).isTrue();
    return true;
  }

  /** What it has written to standard output. */
  List<String> lines() throws IOException {
    return Files.readAllLines(folder.resolve("output"));
  }

  /** Ends it as Ctrl-C does; it must end well. */
  void interrupt() throws Exception {
    Process kill = new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
    assertThat(process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(process.exitValue()).as(errors()).isZero();
  }

  /** Ends it as nothing but the kernel can. */
  void kill() {
    process.destroyForcibly();
  }

  private String errors() throws IOException {
    return "what it said: " + Files.readString(folder.resolve("errors"));
  }

  @Override
  public void close() {
    kill();
  }
}

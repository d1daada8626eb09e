package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.learner.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Resident memory over thousands of training steps, in a process whose heap is fixed and touched
 * from the start, so that what grows is native.
 */
@EnabledOnOs(OS.LINUX)
class NativeMemoryITCase {

  /**
   * A step of this size allocates about 400 kB of tensors: a leak of a hundredth of that shows.
   * Arenas of the allocator and compiled code still grow by some megabytes in between.
   */
  private static final long BOUND_BYTES = 32L << 20;

  private static final Duration LIMIT = Duration.ofMinutes(30);

  @TempDir private Path folder;

  @Test
  void thousandsOfStepsLeaveNothingBehind() throws Exception {
    assertFlat(Network.MVKE);
  }

  @ParameterizedTest
  @EnumSource(names = "MVKE", mode = EnumSource.Mode.EXCLUDE)
  @Tag("long")
  void thousandsOfStepsOfEveryOtherNetworkLeaveNothingBehind(Network network) throws Exception {
    assertFlat(network);
  }

  private void assertFlat(Network network) throws Exception {
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms320m",
            "-Xmx320m",
            "-XX:+AlwaysPreTouch",
            "-XX:+UseG1GC",
            "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.tagstream.schemas",
            "-DDJL_OFFLINE=true",
            "-DOPT_OUT_TRACKING=true",
            LearnerSteps.class.getName(),
            folder.resolve("state").toString(),
            network.configName());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process =
        builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
    try {
      assertThat(process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    List<Long> resident =
        Files.readAllLines(output).stream()
            .filter(line -> line.startsWith(LearnerSteps.RESIDENT))
            .map(line -> Long.parseLong(line.substring(LearnerSteps.RESIDENT.length())))
            .toList();
    System.out.println(network + ", resident memory after warm-up and at the end: " + resident);
    assertThat(resident).hasSize(2);
    assertThat(resident.get(1) - resident.get(0)).isLessThan(BOUND_BYTES);
  }
}

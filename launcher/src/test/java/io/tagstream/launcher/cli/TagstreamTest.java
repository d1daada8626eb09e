package io.tagstream.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TagstreamTest {

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine line = Tagstream.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(arguments);
  }

  @Test
  void helpNamesEveryCommandAndGivesExamples() {
    assertThat(run("--help")).isEqualTo(ExitCode.OK);
    Map<String, CommandLine> commands = Tagstream.commandLine().getSubcommands();
    assertThat(commands).isNotEmpty();
    assertThat(out.toString()).contains(commands.keySet()).contains("Examples:");
    commands.forEach(
        (name, command) ->
            assertThat(command.getUsageMessage()).as(name).contains("Example").contains("--json"));
  }

  @Test
  void wrongUsageIsExitCodeTwo() {
    assertThat(run()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains("Name a command.");
    assertThat(run("fly")).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(run("topics", "destroy")).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(run("bench", "no-such-benchmark")).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains("no-such-benchmark - is no benchmark");
  }

  @Test
  void wrongConfigurationIsExitCodeTwoWithEveryMistake() throws Exception {
    Path file = Files.writeString(folder.resolve("bad.yaml"), "kafka.delivry: x\nstate: {a: 1}\n");
    assertThat(run("validate", "--config", file.toString())).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString())
        .contains("2 mistakes")
        .contains("kafka.delivry: is no setting; did you mean kafka.delivery?")
        .contains("state.a: is no setting");
    assertThat(run("topics", "check", "--config", file.toString()))
        .isEqualTo(ExitCode.CONFIGURATION);
  }

  @Test
  void validateSpeaksJsonWhereverTheOptionStands() throws Exception {
    Path file = Files.writeString(folder.resolve("bad.yaml"), "kafka.delivry: x\n");
    assertThat(run("--json", "validate", "--config", file.toString()))
        .isEqualTo(ExitCode.CONFIGURATION);
    JsonNode answer = new ObjectMapper().readTree(out.toString());
    assertThat(answer.path("valid").asBoolean(true)).isFalse();
    assertThat(answer.path("problems").path(0).path("key").asText()).isEqualTo("kafka.delivry");

    out.getBuffer().setLength(0);
    Path good = Files.writeString(folder.resolve("good.yaml"), "kafka.group-id: shop\n");
    assertThat(run("validate", "--json", "--config", good.toString())).isEqualTo(ExitCode.OK);
    assertThat(new ObjectMapper().readTree(out.toString()).path("valid").asBoolean()).isTrue();
  }

  @Test
  void referenceListsTheSettings() {
    assertThat(run("validate", "--reference")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("| `kafka.bootstrap-servers` |");
  }

  @Test
  void brokerThatDoesNotAnswerIsExitCodeOneAndNamesTheSetting() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("nowhere.yaml"), "kafka: {bootstrap-servers: 'nowhere.invalid:9092'}\n");
    assertThat(run("topics", "check", "--config", file.toString())).isEqualTo(ExitCode.FAILURE);
    assertThat(err.toString()).contains("kafka.bootstrap-servers");
  }
}

package io.tagstream.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    assertThat(run("evaluate", "senses")).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains("senses - name one of [census");
    assertThat(run("evaluate", "census", "--models", "mvke,mmo")).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains("--models: mvke - is none of [single-task");
    assertThat(run("evaluate", "online-vs-batch", "--models", "popularity"))
        .isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains("--models: popularity - is none of [two-tower, mvke");
    assertThat(run("evaluate", "online-vs-batch")).isEqualTo(ExitCode.FAILURE);
    assertThat(err.toString()).contains("name the folder of KuaiRand-Pure with --data");
    String report = folder.resolve("report").toString();
    assertThat(run("evaluate", "movielens", "--report", report)).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains("--report: movielens - reports on no models; [census");
    assertThat(run("evaluate", "census")).isEqualTo(ExitCode.FAILURE);
    assertThat(err.toString()).contains("--data");
    assertThat(run("evaluate", "planted", "--data", "here")).isEqualTo(ExitCode.FAILURE);
    assertThat(err.toString()).contains("data: here - the planted world is made, not read");
    String nothing = folder.resolve("none.yaml").toString();
    assertThat(run("demo", "--config", nothing)).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains("none.yaml").contains("there is no such file");
  }

  @ParameterizedTest
  @CsvSource({
    "clicks=1..2, clicks - must be TOPIC/PARTITION",
    "clicks/0=5, 5 - must be FROM..TO",
    "clicks/0=9..2, 9..2 - ends before it begins",
    "items/0=1..2, items/0 - must name a topic of events",
  })
  void offsetsThatAreNoneAreWrongUsage(String offsets, String problem) {
    assertThat(run("replay", "--topics", "--offsets", offsets)).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains(problem);
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
  void referenceListsTheTopics() {
    assertThat(run("topics", "reference")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("## training-samples").contains("`impressionTimeMillis`");
  }

  @Test
  void eventsAreReadByNoLearnerJob() {
    assertThat(run("run", "--job", "learner", "--backfill", "archive"))
        .isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains("--backfill: a learner job reads no events");
    assertThat(run("replay", "--job", "learner", "--topics")).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains("`run --job learner` with a kafka.group-id of its own");
    assertThat(run("run", "--job", "both")).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains("'--job'").contains("'both'");
  }

  @Test
  void theOnlyModelCannotBePromoted() {
    assertThat(run("promote", "mvke")).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains("mvke - is the only model; name several in learner.models");
    assertThat(run("promote")).isEqualTo(ExitCode.CONFIGURATION);
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

  @Test
  void lookUpsNeedAnAddressAndGoWithoutAUser() {
    assertThat(run("profiles", "--serve", "8095")).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains("--serve: 8095 - must be HOST:PORT");
    assertThat(run("profiles", "--serve", "localhost:70000")).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(run("profiles", "--serve", "--user", "u")).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains("--user and --serve exclude each other");
  }

  @Test
  void profilesOfABrokerThatDoesNotAnswerNameTheSetting() {
    assertThat(run("profiles", "--bootstrap-servers", "nowhere.invalid:9092"))
        .isEqualTo(ExitCode.FAILURE);
    assertThat(err.toString()).contains("kafka.bootstrap-servers: nowhere.invalid:9092");
  }

  @Test
  void aSampleShowsWhatRecordsBecomeAndWhyOthersDoNot() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("json.yaml"),
            """
            formats.clicks: json
            mapping.clicks:
              userId: user.id
              impressionId: request
              eventTimeMillis: {path: ts, format: epoch-seconds}
            """);
    Path sample =
        Files.writeString(
            folder.resolve("clicks.jsonl"),
            """
            {"user": {"id": 7}, "request": "r1", "ts": 1700000000.5}

            {"user": {"id": 8}, "ts": 1700000000}
            no json
            """);
    String[] command = {
      "--json",
      "validate",
      "-c",
      config.toString(),
      "--topic",
      "clicks",
      "--sample",
      sample.toString()
    };
    assertThat(run(command)).isEqualTo(ExitCode.FAILURE);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : out.toString().lines().toList()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0).path("value").toString())
        .isEqualTo("{\"userId\":\"7\",\"impressionId\":\"r1\",\"eventTimeMillis\":1700000000500}");
    assertThat(lines.get(1).path("reason").asText()).isEqualTo("UNMAPPABLE");
    assertThat(lines.get(1).path("detail").asText())
        .isEqualTo("value: impressionId: nothing at request - is required and has no default");
    assertThat(lines.get(2).path("reason").asText()).isEqualTo("UNREADABLE");
    assertThat(lines.get(3).path("summary").path("accepted").asInt()).isEqualTo(1);
  }

  @Test
  void aSampleMayBeAnAvroContainerOfAnySchema() throws Exception {
    Schema schema =
        SchemaBuilder.record("View").fields().requiredLong("who").requiredString("id").endRecord();
    Path sample = folder.resolve("views.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(schema))
            .create(schema, sample.toFile())) {
      writer.append(new GenericRecordBuilder(schema).set("who", 5L).set("id", "i").build());
    }
    Path config =
        Files.writeString(
            folder.resolve("avro.yaml"),
            """
            schema-registry.url: http://localhost:8081
            formats.clicks: avro-registry
            mapping.clicks: {userId: who, impressionId: id, eventTimeMillis: {default: 12}}
            """);
    String[] command = {
      "validate", "-c", config.toString(), "--topic", "clicks", "--sample", sample.toString()
    };
    assertThat(run(command)).as(err.toString()).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("{\"userId\": \"5\", \"impressionId\": \"i\", \"eventTimeMillis\": 12}")
        .contains("1 of 1 records become clicks");
    command[4] = "klicks";
    assertThat(run(command)).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains("--topic: klicks - must name a topic");
  }
}

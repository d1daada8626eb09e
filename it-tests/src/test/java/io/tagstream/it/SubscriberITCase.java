package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagstream.launcher.broker.EmbeddedBroker;
import io.tagstream.launcher.cli.Tagstream;
import io.tagstream.subscriber.ProfileChange;
import io.tagstream.subscriber.ProfileSubscriber;
import io.tagstream.subscriber.ProfileSubscriberBuilder;
import io.tagstream.subscriber.StartFrom;
import io.tagstream.subscriber.SubscriberException;
import io.tagstream.subscriber.SubscriberStatus;
import io.tagstream.subscriber.SubscriberStatus.State;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Services that use profiles, on a real broker. */
@EnabledOnOs(OS.LINUX)
class SubscriberITCase {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Impatient clients, so that a broker that is away is noticed soon. */
  private static final Map<String, String> IMPATIENT =
      Map.of("default.api.timeout.ms", "5000", "request.timeout.ms", "1000");

  @TempDir private static Path brokerFolder;
  private static EmbeddedBroker broker;

  @TempDir private Path folder;
  private final List<String> told = new CopyOnWriteArrayList<>();
  private String name;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start(brokerFolder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void nameTopic(TestInfo test) {
    name = test.getTestMethod().orElseThrow().getName();
  }

  private ProfileTopic topic() throws Exception {
    return topic(Map.of());
  }

  private ProfileTopic topic(Map<String, String> settings) throws Exception {
    return new ProfileTopic(broker, name, settings);
  }

  private ProfileSubscriberBuilder builder() {
    return ProfileSubscriber.builder()
        .bootstrapServers(broker.bootstrapServers())
        .topic(name)
        .directory(folder.resolve("profiles"))
        .topicCheck(Duration.ofMillis(100))
        .onChange(this::remember);
  }

  private void remember(ProfileChange change) {
    told.add(
        change.userId()
            + " "
            + (change.before() == null ? "-" : change.before().getVersion())
            + " to "
            + (change.after() == null ? "-" : change.after().getVersion()));
  }

  private void awaitTold(String change) throws Exception {
    Eventually.await(change + " after " + told, LIMIT, () -> told.contains(change));
  }

  /** Starts, waits until it has caught up, and closes. */
  private void runOnce() throws Exception {
    try (ProfileSubscriber subscriber = builder().start()) {
      assertThat(subscriber.awaitCaughtUp(LIMIT)).isTrue();
    }
  }

  @Test
  void followsDropsWhatIsNoChangeAndGoesOnAfterARestart() throws Exception {
    try (ProfileTopic topic = topic()) {
      topic.publish("a", 1);
      topic.publish("b", 1);
      try (ProfileSubscriber subscriber = builder().start()) {
        assertThat(subscriber.awaitCaughtUp(LIMIT)).isTrue();
        assertThat(told).containsExactly("a - to 1", "b - to 1");
        topic.publish("a", 2);
        topic.publish("a", 1); // stale
        topic.publish("a", 3, 2); // a repeat
        topic.send(0, "a", new byte[] {(byte) 0xc3, 1, 2});
        topic.forget("b");
        topic.publish("c", 1);
        awaitTold("c - to 1");
        // Listener first, then the store, then the status.
        Eventually.await("all records", LIMIT, () -> subscriber.status().records() == 8);
        assertThat(told).endsWith("a 1 to 2", "b 1 to -", "c - to 1");
        assertThat(subscriber.profile("a").orElseThrow().getVersion()).isEqualTo(3);
        assertThat(subscriber.profile("b")).isEmpty();
        SubscriberStatus status = subscriber.status();
        assertThat(status.users()).isEqualTo(2);
        assertThat(status.stale()).isEqualTo(1);
        assertThat(status.repeats()).isEqualTo(1);
        assertThat(status.undecodable()).isEqualTo(1);
      }
      told.clear();
      topic.publish("a", 4);
      try (ProfileSubscriber subscriber = builder().start()) {
        assertThat(subscriber.awaitCaughtUp(LIMIT)).isTrue();
        assertThat(told).containsExactly("a 3 to 4");
        assertThat(subscriber.status().records()).isEqualTo(1);
        assertThat(subscriber.profile("c")).isPresent();
      }
    }
  }

  @Test
  void aKilledServiceIsToldAgainOfWhatWasNotStored() throws Exception {
    try (ProfileTopic topic = topic()) {
      List<String> users = new ArrayList<>();
      for (int n = 0; n < 5 * SubscriberProcess.BATCH; n++) {
        users.add("u" + n);
        topic.publish("u" + n, 1);
      }
      String last = "u" + (3 * SubscriberProcess.BATCH - 3);
      List<String> first = toldBeforeTheKill(last);
      Set<String> again = new HashSet<>();
      try (ProfileSubscriber subscriber =
          builder().onChange(change -> again.add(change.userId())).start()) {
        assertThat(subscriber.awaitCaughtUp(LIMIT)).isTrue();
        assertThat(again).contains(last).doesNotContain("u0");
        assertThat(subscriber.status().users()).isEqualTo(users.size());
      }
      again.addAll(first);
      assertThat(again).containsExactlyInAnyOrderElementsOf(users);
    }
  }

  private List<String> toldBeforeTheKill(String last) throws Exception {
    Path output = folder.resolve("output");
    Process process =
        java(
            output,
            SubscriberProcess.class,
            List.of(broker.bootstrapServers(), name, folder.resolve("profiles").toString(), last));
    try {
      Eventually.await(last, LIMIT, () -> Files.readAllLines(output).contains(last));
    } finally {
      process.destroyForcibly().waitFor();
    }
    return Files.readAllLines(output);
  }

  private Process java(Path output, Class<?> main, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    // A test run in the background of a shell ignores SIGINT, and its children would as well.
    command.addAll(List.of("env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-Dtagstream.home=" + folder.resolve("home")));
    command.add(main.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder
        .redirectOutput(output.toFile())
        .redirectError(folder.resolve("errors").toFile())
        .start();
  }

  @Test
  void afterLongerThanTombstonesAreKeptUsersThatAreGoneAreForgotten() throws Exception {
    try (ProfileTopic topic = topic(Map.of("delete.retention.ms", "1"))) {
      topic.publish("gone", 1);
      topic.publish("a", 1);
      runOnce();
      topic.publish("a", 2);
      topic.deleteBefore(2); // what compaction does to a user and his tombstone
      runOnce();
      assertThat(told).containsExactly("gone - to 1", "a - to 1", "a 1 to 2", "gone 1 to -");
    }
  }

  @Test
  void isReadFromItsBeginningWhereTheStoredOffsetIsGone() throws Exception {
    try (ProfileTopic topic = topic()) {
      topic.publish("gone", 1);
      topic.publish("a", 1);
      runOnce();
      topic.publish("a", 2);
      topic.publish("a", 3);
      topic.deleteBefore(3);
      runOnce();
      assertThat(told).containsExactly("gone - to 1", "a - to 1", "a 1 to 3", "gone 1 to -");
    }
  }

  @Test
  void findsNewPartitionsAndWaitsForABrokerThatIsAway() throws Exception {
    try (ProfileTopic topic = topic();
        ProfileSubscriber subscriber =
            builder().clientProperties(IMPATIENT).startFrom(StartFrom.NOW).start()) {
      topic.growTo(2);
      topic.send(1, "x", ProfileTopic.value("x", 1, 1));
      awaitTold("x - to 1");

      signal("STOP", broker.pid());
      try {
        Eventually.await("waiting", LIMIT, () -> subscriber.status().state() == State.WAITING);
        assertThat(subscriber.profile("x")).as("look-ups go on").isPresent();
      } finally {
        signal("CONT", broker.pid());
      }
      topic.publish("a", 1);
      awaitTold("a - to 1");
      Eventually.await("following", LIMIT, () -> subscriber.status().state() == State.FOLLOWING);
      assertThat(told).containsExactly("x - to 1", "a - to 1");
    }
  }

  @Test
  void readsWhatIsCommittedAndCatchesUpBehindTheMarkersOfTransactions() throws Exception {
    try (ProfileTopic topic = topic()) {
      topic.publishInTransaction("a", 1, true);
      topic.publishInTransaction("b", 1, false);
      runOnce();
      assertThat(told).containsExactly("a - to 1");
      try (ProfileSubscriber subscriber = builder().start()) {
        assertThat(subscriber.awaitCaughtUp(LIMIT)).isTrue();
        assertThat(subscriber.status().records()).isZero();
      }
    }
  }

  @Test
  void aMissingTopicIsToldAndNotMade() {
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> builder().start())
          .isInstanceOf(SubscriberException.class)
          .hasMessageContaining("topic: " + name + " - is not on the broker");
    }
  }

  @Test
  void looksUpOverHttpByCommandAndAsLibrary() throws Exception {
    try (ProfileTopic topic = topic()) {
      topic.publish("ü/1", 7);
      try (ProfileSubscriber subscriber = builder().lookups(0).start()) {
        assertThat(subscriber.awaitCaughtUp(LIMIT)).isTrue();
        String at = "http://127.0.0.1:" + subscriber.lookupAddress().orElseThrow().getPort();
        assertThat(get(at + "/profiles/%C3%BC%2F1").body()).contains("\"version\": 7");
        assertThat(get(at + "/profiles/nobody").statusCode()).isEqualTo(404);
        assertThat(
                new ObjectMapper()
                    .readTree(get(at + "/status").body())
                    .path("caughtUp")
                    .asBoolean())
            .isTrue();
      }
      Path state = folder.resolve("state");
      JsonNode shown = user("ü/1", state);
      assertThat(shown.path("userId").asText()).isEqualTo("ü/1");
      assertThat(shown.path("profile").path("version").asLong()).isEqualTo(7);
      assertThat(shown.path("appendTimeMillis").asLong()).isPositive();
      assertThat(user("ü/1", state)).as("of what was kept").isEqualTo(shown);
      topic.forget("ü/1");
      assertThat(user("ü/1", state).path("profile").isNull()).isTrue();
      serveAsCommand(topic, state);
    }
  }

  private JsonNode user(String userId, Path state) throws Exception {
    List<String> lines =
        CommandRun.lines(
            List.of(
                "profiles",
                "--json",
                "--config",
                config().toString(),
                "--user",
                userId,
                "--state",
                state.toString()));
    return new ObjectMapper().readTree(String.join("\n", lines));
  }

  private Path config() throws Exception {
    return Files.writeString(
        folder.resolve("tagstream.yaml"),
        "kafka.bootstrap-servers: %s%ntopics.user-tag-profiles: %s%n"
            .formatted(broker.bootstrapServers(), name));
  }

  private void serveAsCommand(ProfileTopic topic, Path state) throws Exception {
    topic.publish("later", 1);
    Path output = folder.resolve("output");
    List<String> arguments =
        List.of(
            "profiles",
            "--json",
            "-c",
            config().toString(),
            "--state",
            state.toString(),
            "--serve");
    Process process = java(output, Tagstream.class, arguments);
    try {
      Eventually.await("an address", LIMIT, () -> !Files.readAllLines(output).isEmpty());
      String at = new ObjectMapper().readTree(Files.readString(output)).path("lookups").asText();
      Eventually.await("a profile", LIMIT, () -> get(at + "profiles/later").statusCode() == 200);
      signal("INT", process.pid());
      assertThat(process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(folder.resolve("errors"))).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static void signal(String name, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }

  private static HttpResponse<String> get(String uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
  }
}

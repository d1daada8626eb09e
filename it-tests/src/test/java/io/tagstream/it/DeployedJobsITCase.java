package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.it.monitoring.MonitoredJob;
import io.tagstream.it.monitoring.PrometheusProcess;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Topic;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The jobs as they are deployed, on JVMs of Flink's own. */
@EnabledOnOs(OS.LINUX)
class DeployedJobsITCase {

  private static final int PART = 600;
  private static final String RUN = "deployed";
  private static final String NO_LETTERS =
      "dashboards/operations.json, panel 17 (Dead letters by reason)";
  private static final String RESTARTED =
      "max_over_time(ALERTS{alertname=\"TagstreamRestarted\", alertstate=\"firing\"}[10m])";

  /** Metaspace, megabytes; as much as twice of it may be about to be collected. */
  private static final long CLASSES_OF_A_JOB = 20;

  @TempDir private Path folder;

  @Test
  void splitJobsLoseNothingWhenATaskManagerIsKilled() throws Exception {
    kill(1);
  }

  @Tag("long")
  @Test
  void splitJobsLoseNothingWhenTaskManagersAreKilledTenTimes() throws Exception {
    kill(10);
  }

  private void kill(int times) throws Exception {
    Path unused = Tool.required("prometheus", "prometheus");
    World world = World.of(23, 30, (times + 1) * PART);
    List<WorldEvent> events = world.events();
    try (EventTopics topics = EventTopics.start(folder);
        FlinkProcesses cluster = FlinkProcesses.start(folder.resolve("cluster"), 2);
        PrometheusProcess prometheus =
            PrometheusProcess.start(folder.resolve("prometheus"), cluster.metricsPorts())) {
      assertNativesStandApart(cluster.image());
      String features = submit(cluster, topics, "features");
      String learner = submit(cluster, topics, "learner");
      topics.send(events.subList(0, PART));
      topics.flush();
      cluster.await("samples", () -> WrittenSamples.in(topics).size() > PART / 4);
      for (int n = 1; n <= times; n++) {
        int before = WrittenSamples.in(topics).size();
        cluster.killOldestTaskManager();
        cluster.startTaskManager();
        topics.send(events.subList(n * PART, (n + 1) * PART));
        topics.flush();
        cluster.await("samples after kill " + n, () -> WrittenSamples.in(topics).size() > before);
      }
      RecordedJob.undisturbed(
          topics, topics.config(), folder.resolve(RUN), RUN, events.size(), job -> {});
      Map<SampleRecorder.Key, ByteBuffer> expected = SampleRecorder.of(RUN).samples();
      cluster.await("all samples", () -> WrittenSamples.in(topics).size() >= expected.size());
      assertThat(WrittenSamples.in(topics)).containsExactlyInAnyOrderEntriesOf(expected);
      cluster.await("profiles", () -> !topics.read(Topic.USER_TAG_PROFILES).isEmpty());
      assertThat(topics.read(Topic.DEAD_LETTERS)).isEmpty();
      Set<String> mayFire =
          times > 1 ? Set.of("TagstreamRestartsAgainAndAgain", "TagstreamProfilesStale") : Set.of();
      MonitoredJob.await(
          prometheus,
          new MonitoredJob.Expected(List.of(RESTARTED), Set.of(), Set.of(NO_LETTERS), mayFire));
      cluster.cancel(features);
      cluster.cancel(learner);
      String again = submit(cluster, topics, "learner", "--restore", "latest");
      cluster.await("where it goes on", () -> cluster.restoredFrom(again).contains(learner));
    }
  }

  @Tag("long")
  @Test
  void theFusedJobIsSubmittedTwentyTimesToTheSameProcesses() throws Exception {
    int times = 20;
    int warm = 3;
    List<List<Long>> metaspaces = new ArrayList<>();
    World world = World.of(29, 30, PART);
    try (EventTopics topics = EventTopics.start(folder);
        FlinkProcesses cluster = FlinkProcesses.start(folder.resolve("cluster"), 2)) {
      topics.send(world.events());
      topics.flush();
      List<Long> taskManagers = cluster.livingTaskManagers();
      for (int n = 1; n <= times; n++) {
        int before = topics.read(Topic.MODEL_METRICS).size();
        String job = submit(cluster, topics, "fused");
        // A model was loaded, trained, and said so.
        cluster.await(
            "metrics of job " + n, () -> topics.read(Topic.MODEL_METRICS).size() > before);
        cluster.await("a checkpoint of job " + n, () -> cluster.checkpoints(job) > 0);
        cluster.cancel(job);
        cluster.collectGarbage();
        metaspaces.add(megabytes(cluster.metaspace()));
        System.out.printf(
            "after job %d: metaspace of JobManager and TaskManagers %s MB, heap %s MB%n",
            n, metaspaces.get(n - 1), megabytes(cluster.heap()));
      }
      // One without Metaspace ends, and another begins with little.
      assertThat(cluster.livingTaskManagers()).isEqualTo(taskManagers);
      for (int process = 0; process < metaspaces.get(0).size(); process++) {
        assertThat(metaspaces.get(times - 1).get(process))
            .as("%s", metaspaces)
            .isLessThan(metaspaces.get(warm - 1).get(process) + 2 * CLASSES_OF_A_JOB);
      }
    }
  }

  private static List<Long> megabytes(List<Long> bytes) {
    return bytes.stream().map(each -> each >> 20).toList();
  }

  private static void assertNativesStandApart(Path image) throws Exception {
    assertThat(FlinkProcesses.toolOptions("gpu")).isEqualTo(FlinkProcesses.toolOptions("cpu"));
    try (Stream<Path> job = Files.list(image.resolve("usrlib"));
        Stream<Path> shared = Files.list(image.resolve("lib"))) {
      assertThat(job.map(jar -> jar.getFileName().toString()))
          .noneMatch(
              name ->
                  name.matches("(pytorch|jna|api|frocksdbjni|zstd|flink-runtime|avro|schemas).*"))
          .anyMatch(name -> name.startsWith("launcher-"));
      assertThat(shared.map(jar -> jar.getFileName().toString()))
          .anyMatch(name -> name.startsWith("pytorch-native-"))
          .anyMatch(name -> name.startsWith("avro-"))
          .anyMatch(name -> name.startsWith("schemas-"))
          .anyMatch(name -> name.startsWith("jna-"));
    }
  }

  private String submit(FlinkProcesses cluster, EventTopics topics, String shape, String... further)
      throws Exception {
    Path file = folder.resolve("tagstream.yaml");
    Files.writeString(
        file,
        topics.yaml()
            + "pipeline.restart-attempts: 1000\n"
            + "checkpoints.directory: "
            + folder.resolve("checkpoints").resolve(shape).toUri()
            + "\n");
    List<String> arguments = new ArrayList<>(List.of("--config", file.toString(), "--job", shape));
    arguments.addAll(List.of(further));
    String job = cluster.submit(arguments);
    cluster.await("the " + shape + " job", () -> cluster.state(job).equals("RUNNING"));
    return job;
  }
}

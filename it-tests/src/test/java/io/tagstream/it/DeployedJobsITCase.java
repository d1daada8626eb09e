package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Topic;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
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
  private static final String METASPACE = "Status.JVM.Memory.Metaspace.Used";
  private static final String HEAP = "Status.JVM.Memory.Heap.Used";
  private static final long MEGABYTE = 1L << 20;
  private static final Duration MONITORING_LIMIT = Duration.ofSeconds(30);

  /** Queries that give something only after something went wrong: nothing was refused here. */
  private static final Set<String> RIGHTLY_EMPTY =
      Set.of("dashboards/operations.json, panel 17 (Dead letters by reason)");

  /** What is to be seen of a job that has worked and has been restarted. */
  private static final List<String> MOVED =
      List.of(
          "sum(tagstream:records_accepted:rate5m) > 0",
          "sum(tagstream:samples_made:rate5m) > 0",
          "sum(tagstream:samples_trained:rate5m) > 0",
          "sum(tagstream:steps:rate5m) > 0",
          "sum(tagstream:profiles_published:rate5m) > 0",
          "sum(flink_taskmanager_job_task_operator_tagstream_learner_model_embeddingAdmissions) > 0",
          "max_over_time(ALERTS{alertname=\"TagstreamRestarted\", alertstate=\"firing\"}[10m])");

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
        cluster.killOldestTaskManager();
        cluster.startTaskManager();
        topics.send(events.subList(n * PART, (n + 1) * PART));
        topics.flush();
        int before = WrittenSamples.in(topics).size();
        cluster.await("samples after kill " + n, () -> WrittenSamples.in(topics).size() > before);
      }
      RecordedJob.undisturbed(
          topics, topics.config(), folder.resolve(RUN), RUN, events.size(), job -> {});
      Map<SampleRecorder.Key, ByteBuffer> expected = SampleRecorder.of(RUN).samples();
      cluster.await("all samples", () -> WrittenSamples.in(topics).size() >= expected.size());
      assertThat(WrittenSamples.in(topics)).containsExactlyInAnyOrderEntriesOf(expected);
      cluster.await("profiles", () -> !topics.read(Topic.USER_TAG_PROFILES).isEmpty());
      assertThat(topics.read(Topic.DEAD_LETTERS)).isEmpty();
      assertOperatorsQuestionsAreAnswered(cluster);
      Set<String> mayFire =
          times > 1 ? Set.of("TagstreamRestartsAgainAndAgain", "TagstreamProfilesStale") : Set.of();
      awaitMonitoring(prometheus, mayFire);
      cluster.cancel(features);
      cluster.cancel(learner);
    }
  }

  /** Dashboards show something, rules are evaluated, and nobody is woken who can sleep. */
  private static void awaitMonitoring(PrometheusProcess prometheus, Set<String> mayFire)
      throws Exception {
    AtomicReference<List<String>> problems = new AtomicReference<>(List.of());
    Eventually.await(
        "dashboards and rules",
        MONITORING_LIMIT,
        () -> {
          problems.set(monitoringProblems(prometheus, mayFire));
          return problems.get().isEmpty();
        },
        () -> String.join("\n", problems.get()));
  }

  private static List<String> monitoringProblems(PrometheusProcess prometheus, Set<String> mayFire)
      throws Exception {
    MonitoringFiles files = MonitoringFiles.here();
    List<String> problems = new ArrayList<>(prometheus.unhealthyRules());
    for (MonitoringFiles.Query query : files.panelQueries()) {
      if (prometheus.query(query.ofAll()).isEmpty() && !RIGHTLY_EMPTY.contains(query.where())) {
        problems.add("nothing to see: " + query.where() + ": " + query.ofAll());
      }
    }
    Set<String> there = Set.copyOf(prometheus.metrics());
    for (MonitoringFiles.Query query : files.queries()) {
      for (String metric : PromQl.metrics(query.expression())) {
        if (!there.contains(metric)) {
          problems.add("no such metric: " + query.where() + ": " + metric);
        }
      }
    }
    for (String query : MOVED) {
      if (prometheus.query(query).isEmpty()) {
        problems.add("not seen: " + query);
      }
    }
    for (String alert : prometheus.firing("page")) {
      if (!mayFire.contains(alert)) {
        problems.add("fires: " + alert);
      }
    }
    return problems;
  }

  /** Every metric that the module's page names is there, and those of work done have moved. */
  private static void assertOperatorsQuestionsAreAnswered(FlinkProcesses cluster) throws Exception {
    Set<String> named = MonitoringFiles.here().listedMetrics();
    assertThat(named).hasSizeGreaterThan(20);
    String scraped = cluster.scraped();
    for (String metric : named) {
      assertThat(scraped).as(metric).containsPattern("(?m)^" + metric + "\\{");
    }
    for (String moving :
        List.of("learner_model_steps", "profile_published", "ingestion_accounting_accepted")) {
      assertThat(scraped)
          .as(moving)
          .containsPattern("(?m)^flink_\\w+_tagstream_" + moving + "\\{.*} [1-9]");
    }
  }

  @Tag("long")
  @Test
  void theFusedJobIsSubmittedTwentyTimesToTheSameTaskManagers() throws Exception {
    int times = 20;
    List<Long> metaspaces = new ArrayList<>();
    World world = World.of(29, 30, PART);
    try (EventTopics topics = EventTopics.start(folder);
        FlinkProcesses cluster = FlinkProcesses.start(folder.resolve("cluster"), 2)) {
      topics.send(world.events());
      topics.flush();
      for (int n = 1; n <= times; n++) {
        int before = topics.read(Topic.MODEL_METRICS).size();
        String job = submit(cluster, topics, "fused");
        // A model was loaded, trained, and said so.
        cluster.await(
            "metrics of job " + n, () -> topics.read(Topic.MODEL_METRICS).size() > before);
        cluster.await("a checkpoint of job " + n, () -> cluster.checkpoints(job) > 0);
        cluster.cancel(job);
        long metaspace = cluster.taskManagerMetric(METASPACE).stream().mapToLong(m -> m).sum();
        long heap = cluster.taskManagerMetric(HEAP).stream().mapToLong(m -> m).sum();
        System.out.printf(
            "after job %d: metaspace %d MB, heap %d MB%n",
            n, metaspace / MEGABYTE, heap / MEGABYTE);
        metaspaces.add(metaspace);
      }
      // A job's classes, 11 MB in each TaskManager, wait for a collection and then go: of jobs that
      // stayed there would be ten at least in the second half, always.
      long least =
          metaspaces.subList(times / 2, times).stream().mapToLong(each -> each).min().orElseThrow();
      assertThat(least).as("%s", metaspaces).isLessThan(2 * metaspaces.get(0));
    }
  }

  private static void assertNativesStandApart(Path image) throws Exception {
    assertThat(FlinkProcesses.toolOptions("gpu")).isEqualTo(FlinkProcesses.toolOptions("cpu"));
    try (Stream<Path> job = Files.list(image.resolve("usrlib"));
        Stream<Path> shared = Files.list(image.resolve("lib"))) {
      assertThat(job.map(jar -> jar.getFileName().toString()))
          .noneMatch(name -> name.matches("(pytorch|jna|api|frocksdbjni|zstd|flink-runtime).*"))
          .anyMatch(name -> name.startsWith("launcher-"));
      assertThat(shared.map(jar -> jar.getFileName().toString()))
          .anyMatch(name -> name.startsWith("pytorch-native-"))
          .anyMatch(name -> name.startsWith("jna-"));
    }
  }

  private String submit(FlinkProcesses cluster, EventTopics topics, String shape) throws Exception {
    Path file = folder.resolve("tagstream.yaml");
    Files.writeString(file, topics.yaml() + "pipeline.restart-attempts: 1000\n");
    String job = cluster.submit(List.of("--config", file.toString(), "--job", shape));
    cluster.await("the " + shape + " job", () -> cluster.state(job).equals("RUNNING"));
    return job;
  }
}

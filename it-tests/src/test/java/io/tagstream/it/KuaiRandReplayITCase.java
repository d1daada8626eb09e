package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tagstream.launcher.archive.ArchiveManifest;
import io.tagstream.launcher.archive.LogExport;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.EventSources;
import io.tagstream.launcher.job.SwitchOffsets;
import io.tagstream.launcher.kuairand.KuaiRandConfig;
import io.tagstream.launcher.kuairand.KuaiRandLog;
import io.tagstream.launcher.replay.LogRange;
import io.tagstream.launcher.replay.ReplayPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real log, its first half from an archive and its second from Kafka: every event once, and the
 * samples of a run that reads all of it from Kafka.
 */
@Tag("long")
class KuaiRandReplayITCase {

  private static final String DATA = System.getProperty("tagstream.kuairand", "");
  private static final int SWITCH_AFTER = 200_000;

  @TempDir private Path folder;

  @Test
  void everyEventCountsOnceAroundTheSwitch() throws Exception {
    assumeTrue(!DATA.isEmpty(), "needs -Dtagstream.kuairand=DIR, the folder of KuaiRand-Pure");
    try (KuaiRandLog log = new KuaiRandLog(KuaiRandConfig.of(Path.of(DATA)));
        EventTopics topics =
            EventTopics.start(folder, log.fields().settings(), "batch.size: 256")) {
      TagstreamConfig config = topics.config();
      long sent = send(log, topics, SWITCH_AFTER);
      Path archive = folder.resolve("archive");
      try (LogExport export = new LogExport(config, archive, Duration.ofHours(1))) {
        assertThat(export.run(() -> false, offsets -> {}).records()).isEqualTo(sent);
      }
      SwitchOffsets offsets = SwitchOffsets.behind(ArchiveManifest.read(archive), config);
      ReplayPlan plan = ReplayPlan.ofArchive(archive, LogRange.ALL);
      sent += send(log, topics, Integer.MAX_VALUE);
      System.out.printf("KuaiRand-Pure: %d records, switch after %d%n", sent, SWITCH_AFTER);

      try (RunningJob job =
          RunningJob.start(
              config,
              folder.resolve("switched"),
              new Configuration(),
              environment ->
                  RecordedJob.of(
                      new EventSources(environment, config).backfillThenLive(plan, offsets),
                      config,
                      "switched"))) {
        check(topics, job, "switched", sent);
      }
      try (RunningJob job =
          RunningJob.start(
              config,
              folder.resolve("live"),
              new Configuration(),
              environment ->
                  RecordedJob.of(
                      new EventSources(environment, config).live(SwitchOffsets.live(config)),
                      config,
                      "all-live"))) {
        check(topics, job, "all-live", sent);
      }
      SampleRecorder.Recording live = SampleRecorder.of("all-live");
      assertThat(SampleRecorder.of("switched").differingFrom(live)).isEmpty();
      System.out.printf("%d equal samples%n", live.samples().size());
    }
  }

  private static void check(EventTopics topics, RunningJob job, String run, long sent)
      throws Exception {
    job.awaitAccepted(sent);
    topics.awaitLastWatermark(job, run);
    job.suspend();
    assertThat(job.accounting("accepted")).isEqualTo(sent);
    assertThat(job.accountedFor()).isEqualTo(sent);
    assertThat(job.accounting("alarms")).isZero();
    assertThat(job.metric("features.lateFacts")).isZero();
    System.out.printf("%s: %s%n", run, job.metrics());
  }

  private static long send(KuaiRandLog log, EventTopics topics, int most) {
    long sent = 0;
    while (sent < most && log.hasNext()) {
      topics.send(List.of(log.next()));
      sent++;
    }
    topics.flush();
    return sent;
  }
}

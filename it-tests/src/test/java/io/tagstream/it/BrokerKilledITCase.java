package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Topic;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of the broker while events flow: it comes back, and nothing is lost. */
class BrokerKilledITCase {

  @Test
  void everyEventIsAccountedForAndTheJobGoesOn(@TempDir Path folder) throws Exception {
    // A partition that is not back in time counts as idle; nothing of it may be too late then.
    World world = World.dense(12, 300, 3_000);
    List<WorldEvent> first = world.events().subList(0, 1_000);
    List<WorldEvent> second = world.events().subList(1_000, 2_000);
    List<WorldEvent> third = world.events().subList(2_000, 3_000);
    try (EventTopics topics = EventTopics.start(folder)) {
      topics.send(world.users());
      topics.flush();
      try (RunningJob job =
          RunningJob.onKafka(topics.config(), folder.resolve("job"), environment -> {})) {
        topics.send(first);
        job.awaitAccepted(world.users().size() + 300);

        topics.send(second); // on their way while the broker dies
        long pid = topics.broker().pid();
        topics.broker().kill();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        topics.broker().restart();
        assertThat(topics.broker().pid()).isNotEqualTo(pid);
        topics.flush();
        int profilesBefore = topics.read(Topic.USER_TAG_PROFILES).size();

        topics.send(third);
        topics.flush();
        job.awaitAccepted(world.size());
        job.await(
            "profiles after the broker came back",
            () -> topics.read(Topic.USER_TAG_PROFILES).size() > profilesBefore);
        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
        job.drain();

        assertThat(sentToInputs(topics)).isEqualTo(world.size());
        assertThat(job.accounting("accepted")).isEqualTo(world.size());
        assertThat(job.accountedFor()).isEqualTo(world.size());
        assertThat(job.accounting("deadLettered")).isZero();
        assertThat(job.accounting("imbalance")).isZero();
        assertThat(job.accounting("alarms")).isZero();
      }
    }
  }

  /** What the broker holds, so that an event lost in Kafka is not taken for one lost here. */
  private static int sentToInputs(EventTopics topics) {
    return Topic.inputs().stream().map(topics::read).collect(Collectors.summingInt(List::size));
  }
}

package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserTagProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What readers of the topic of profiles see of a job that fails again and again. */
class VersionsITCase {

  private static final int PART = 700;

  @Test
  void versionsNeverGoBackOverTwoFailuresBetweenTheSameCheckpoints(@TempDir Path folder)
      throws Exception {
    World world = World.of(15, 30, 4 * PART);
    try (EventTopics topics = EventTopics.start(folder)) {
      topics.send(world.users());
      sendPart(topics, world, 0);
      String savepoint;
      try (RunningJob job =
          RunningJob.onKafka(
              topics.config(), folder.resolve("first"), Saboteur.options(), Saboteur::hire)) {
        job.awaitAccepted(world.users().size() + PART);
        savepoint = job.suspend();
      }

      sendPart(topics, world, 1);
      int published = topics.read(Topic.USER_TAG_PROFILES).size();
      try (RunningJob job =
          RunningJob.onKafka(
              topics.config(), folder.resolve("second"), onlyFrom(savepoint), Saboteur::hire)) {
        for (int strike = 1; strike <= 2; strike++) {
          awaitMoreThan(published, topics, job);
          Saboteur.strike(job);
          published = topics.read(Topic.USER_TAG_PROFILES).size();
          sendPart(topics, world, 1 + strike);
        }
        awaitMoreThan(published, topics, job);
        job.awaitAccepted(world.size());
        assertThat(job.newestCheckpoint()).as("checkpoints in between").isZero();
        job.drain();
        assertThat(job.accountedFor()).isEqualTo(world.size());
      }

      List<UserTagProfile> profiles = topics.read(Topic.USER_TAG_PROFILES, UserTagProfile.class);
      Map<String, List<Long>> versions =
          profiles.stream()
              .collect(
                  Collectors.groupingBy(
                      UserTagProfile::getUserId,
                      Collectors.mapping(UserTagProfile::getVersion, Collectors.toList())));
      assertThat(versions)
          .isNotEmpty()
          .allSatisfy((user, own) -> assertThat(own).isSorted().doesNotHaveDuplicates());
    }
  }

  private static void sendPart(EventTopics topics, World world, int part) {
    topics.send(world.events().subList(part * PART, (part + 1) * PART));
    topics.flush();
  }

  private static void awaitMoreThan(int published, EventTopics topics, RunningJob job)
      throws Exception {
    job.await(
        "a profile after the first " + published,
        () -> topics.read(Topic.USER_TAG_PROFILES).size() > published);
  }

  /** Every failure goes back to the savepoint: there are no checkpoints. */
  private static Configuration onlyFrom(String savepoint) {
    Configuration options = RunningJob.from(savepoint);
    options.addAll(Saboteur.options());
    options.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofHours(1));
    return options;
  }
}

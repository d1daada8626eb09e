package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.config.KafkaOptions.Delivery;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.TagMove;
import io.tagstream.schemas.TagScore;
import io.tagstream.schemas.TaskTags;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserTagChange;
import io.tagstream.schemas.UserTagProfile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The job fails ten times while events flow, each time going back to its last checkpoint. A reader
 * of committed records sees everything at least once, or, with transactions, exactly once.
 */
class DeliveryITCase {

  private static final int FAILURES = 10;
  private static final int PART = 300;

  /** What names a score in a profile. */
  private record Place(String task, String tag) {}

  @ParameterizedTest
  @EnumSource(Delivery.class)
  void whatIsWrittenSurvivesTenFailures(Delivery delivery, @TempDir Path folder) throws Exception {
    World world = World.of(21, 30, (FAILURES + 1) * PART);
    try (EventTopics topics =
        EventTopics.start(
            folder,
            "kafka.delivery: " + delivery.name().toLowerCase(Locale.ROOT).replace('_', '-'),
            "pipeline.restart-attempts: 20",
            "checkpoints.interval: 500 ms")) {
      topics.send(world.users());
      int refused = FAILURES + 1;
      try (RunningJob job =
          RunningJob.onKafka(
              topics.config(), folder.resolve("job"), Saboteur.options(), Saboteur::hire)) {
        int sent = world.users().size();
        for (int part = 0; part <= FAILURES; part++) {
          topics.send(world.events().subList(part * PART, (part + 1) * PART));
          topics.send(garbage(topics, part));
          topics.flush();
          // Some of the part is behind a checkpoint, some before it, some not read at all.
          job.awaitAccepted(sent + PART / 3);
          if (part < FAILURES) {
            Saboteur.strike(job);
          }
          sent += PART + 1;
        }
        job.awaitAccepted(sent);
        job.drain();
        assertThat(job.accounting("accepted")).isEqualTo(sent);
        assertThat(job.accountedFor()).isEqualTo(sent);
        assertThat(job.accounting("alarms")).isZero();
      }

      // A transaction is committed a moment before its records are to be read.
      Eventually.await(
          "the letters of all refused records",
          Duration.ofMinutes(1),
          () -> topics.read(Topic.DEAD_LETTERS).size() >= refused);
      Map<String, Long> letters =
          topics.read(Topic.DEAD_LETTERS, DeadLetter.class).stream()
              .collect(
                  Collectors.groupingBy(
                      letter ->
                          letter.getTopic() + letter.getPartition() + "@" + letter.getOffset(),
                      Collectors.counting()));
      assertThat(letters).as("one record refused, one letter or more").hasSize(refused);
      Map<String, List<UserTagProfile>> profiles =
          topics.read(Topic.USER_TAG_PROFILES, UserTagProfile.class).stream()
              .collect(Collectors.groupingBy(UserTagProfile::getUserId));
      Map<String, List<UserTagChange>> changes =
          topics.read(Topic.USER_TAG_CHANGES, UserTagChange.class).stream()
              .collect(Collectors.groupingBy(UserTagChange::getUserId));
      assertThat(profiles).isNotEmpty();
      profiles.values().forEach(DeliveryITCase::assertVersionsRise);
      System.out.printf(
          "%s: %d letters of %d refused records, %d profiles, %d changes%n",
          delivery,
          letters.values().stream().mapToLong(Long::longValue).sum(),
          refused,
          profiles.values().stream().mapToInt(List::size).sum(),
          changes.values().stream().mapToInt(List::size).sum());
      if (delivery == Delivery.EXACTLY_ONCE) {
        assertThat(letters.values()).as("letters of each record").containsOnly(1L);
        profiles.forEach((user, own) -> assertChangesLeadFromOneToTheNext(own, changes.get(user)));
      }
    }
  }

  private static void assertVersionsRise(List<UserTagProfile> profiles) {
    assertThat(profiles.stream().map(UserTagProfile::getVersion).toList())
        .isSorted()
        .doesNotHaveDuplicates();
  }

  /** A profile that came twice, or not, would leave a change that begins where none ended. */
  private static void assertChangesLeadFromOneToTheNext(
      List<UserTagProfile> profiles, List<UserTagChange> changes) {
    Map<Long, UserTagChange> byVersion =
        changes.stream().collect(Collectors.toMap(UserTagChange::getVersion, change -> change));
    assertThat(changes).as("one change for each profile").hasSameSizeAs(profiles);
    Map<Place, Float> before = new HashMap<>();
    for (UserTagProfile profile : profiles) {
      Map<Place, Float> after = scores(profile);
      UserTagChange change = byVersion.get(profile.getVersion());
      assertThat(change).as("of version %d", profile.getVersion()).isNotNull();
      for (TagMove move : change.getMoves()) {
        Place place = new Place(move.getTask(), move.getTag());
        assertThat(move.getBefore()).as("%s before", place).isEqualTo(before.get(place));
        assertThat(move.getAfter()).as("%s after", place).isEqualTo(after.get(place));
      }
      before = after;
    }
  }

  private static Map<Place, Float> scores(UserTagProfile profile) {
    Map<Place, Float> scores = new HashMap<>();
    for (TaskTags task : profile.getTasks()) {
      for (TagScore tag : task.getTags()) {
        scores.put(new Place(task.getTask(), tag.getTag()), tag.getScore());
      }
    }
    return scores;
  }

  private static ProducerRecord<byte[], byte[]> garbage(EventTopics topics, int number) {
    return new ProducerRecord<>(
        topics.config().topics().name(Topic.STAYS),
        ("nobody" + number).getBytes(StandardCharsets.UTF_8),
        "no stay".getBytes(StandardCharsets.UTF_8));
  }
}

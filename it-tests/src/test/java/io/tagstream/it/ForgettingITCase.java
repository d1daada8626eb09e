package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserTagProfile;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks to be forgotten is, in every stage; the proof is a look at the state's bytes. */
class ForgettingITCase {

  private static final int EVENTS = 6_000;

  /** Names that nothing else in the state's bytes looks like; impression ids begin with them. */
  private static final String FORGOTTEN = "who-wants-to-be-forgotten";

  private static final String KEPT = "who-wants-to-be-remembered";

  /** The conversion that comes for an impression of long ago finds nobody. */
  private static final String SETTINGS =
      """
      labels.window: 1 min
      labels.attribution-horizon: 5 min
      """;

  @Test
  void nothingOfADeletedUserIsInAFreshSavepoint(@TempDir Path folder) throws Exception {
    World world = World.of(19, 8, EVENTS);
    String first = world.users().get(0).key();
    String second = world.users().get(1).key();
    List<WorldEvent> events = new ArrayList<>(world.users());
    events.addAll(world.events());
    List<WorldEvent> renamed = events.stream().map(event -> renamed(event, first, second)).toList();
    int middle = renamed.size() / 2;
    long deletedUpTo = renamed.get(middle).eventTimeMillis() + 1;
    try (EventTopics topics = EventTopics.start(folder, SETTINGS)) {
      topics.send(renamed.subList(0, middle));
      topics.flush();
      try (RunningJob job =
          RunningJob.onKafka(topics.config(), folder.resolve("job"), environment -> {})) {
        job.awaitAccepted(middle);
        job.await("a profile of either", () -> has(topics, FORGOTTEN) && has(topics, KEPT));
        Path before = job.savepoint();
        assertThat(places(before, FORGOTTEN)).as("so it would be seen").isPositive();
        assertThat(places(before, KEPT)).isPositive();

        topics.send(record(topics, Topic.USER_DELETIONS, new UserDeletion(FORGOTTEN, deletedUpTo)));
        topics.flush();
        job.awaitAccepted(middle + 1L);
        job.await("the tombstone", () -> newest(topics, FORGOTTEN) == null);
        // An event of before the deletion that comes after it is refused while the marker stands.
        topics.send(record(topics, Topic.CLICKS, new Click(FORGOTTEN, "late", deletedUpTo - 1)));
        List<WorldEvent> rest =
            renamed.subList(middle, renamed.size()).stream()
                .filter(event -> !event.key().equals(FORGOTTEN))
                .toList();
        topics.send(rest);
        topics.flush();
        job.awaitAccepted(middle + 2L + rest.size());
        job.await("the refused click", () -> isRefused(topics));
        job.await("the end of the marker", () -> places(job.savepoint(), FORGOTTEN) == 0);
        assertThat(places(job.savepoint(), KEPT)).as("of the other").isPositive();
        assertThat(newest(topics, FORGOTTEN)).isNull();
        job.suspend();
        assertThat(job.accountedFor()).isEqualTo(middle + 2L + rest.size());
        assertThat(job.accounting("alarms")).isZero();
      }
    }
  }

  private static boolean isRefused(EventTopics topics) throws Exception {
    return topics.read(Topic.DEAD_LETTERS, DeadLetter.class).stream()
        .anyMatch(letter -> letter.getReason() == DeadLetterReason.USER_DELETED);
  }

  private static WorldEvent renamed(WorldEvent event, String first, String second) {
    if (event.key().equals(first)) {
      return renamed(event, FORGOTTEN);
    }
    return event.key().equals(second) ? renamed(event, KEPT) : event;
  }

  private static WorldEvent renamed(WorldEvent event, String name) {
    SpecificRecordBase record = event.record();
    if (record instanceof Impression impression) {
      impression.setUserId(name);
      impression.setImpressionId(name + impression.getImpressionId());
    } else if (record instanceof Click click) {
      click.setUserId(name);
      click.setImpressionId(name + click.getImpressionId());
    } else if (record instanceof Stay stay) {
      stay.setUserId(name);
      stay.setImpressionId(name + stay.getImpressionId());
    } else if (record instanceof Conversion conversion) {
      conversion.setUserId(name);
      conversion.setImpressionId(name + conversion.getImpressionId());
    } else {
      ((User) record).setUserId(name);
    }
    return new WorldEvent(event.topic(), name, event.eventTimeMillis(), record);
  }

  private static ProducerRecord<byte[], byte[]> record(
      EventTopics topics, Topic topic, SpecificRecordBase value) {
    return new ProducerRecord<>(
        topics.config().topics().name(topic),
        FORGOTTEN.getBytes(StandardCharsets.UTF_8),
        EventTopics.encode(value));
  }

  private static boolean has(EventTopics topics, String user) throws Exception {
    return newest(topics, user) != null;
  }

  /** The newest profile of a user; null for none and for a tombstone. */
  private static UserTagProfile newest(EventTopics topics, String user) throws Exception {
    SingleObjectCodec<UserTagProfile> codec = new SingleObjectCodec<>(UserTagProfile.class);
    UserTagProfile newest = null;
    for (ConsumerRecord<byte[], byte[]> record : topics.read(Topic.USER_TAG_PROFILES)) {
      if (Arrays.equals(record.key(), user.getBytes(StandardCharsets.UTF_8))) {
        newest = record.value() == null ? null : codec.decode(record.value());
      }
    }
    return newest;
  }

  /** How often a name stands in the files of a savepoint, which are not compressed. */
  private static int places(Path savepoint, String name) throws Exception {
    int places = 0;
    try (Stream<Path> files = Files.walk(savepoint)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (int at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1)) {
          places++;
        }
      }
    }
    return places;
  }
}

package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Cause;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.TagMove;
import io.tagstream.schemas.TagScore;
import io.tagstream.schemas.TaskTags;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserTagChange;
import io.tagstream.schemas.UserTagProfile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events and garbage in Kafka; expected profiles, changes and dead letters in Kafka. */
class ProfilesITCase {

  private static final byte[] GARBAGE = {(byte) 0xc3, 1, 2, 3, 0, (byte) 0xff};
  private static final int HALF = 1_500;
  private static final String NEGATIVE_STAY = "negative-stay";
  private static final String NEWCOMER = "newcomer";
  private static final String POPULARITY = "popularity@";

  private static World world;
  private static List<UserTagProfile> profiles;
  private static List<UserTagChange> changes;
  private static List<DeadLetter> deadLetters;
  private static long refused;
  private static JobStatus statusBeforeTheEnd;
  private static Map<String, Long> accounting;
  private static long accountedFor;

  @BeforeAll
  static void eventsGoTheWholeWay(@TempDir Path folder) throws Exception {
    world = World.of(11, 30, 2 * HALF);
    // No restart is allowed: whatever fails the job fails the test.
    try (EventTopics topics =
        EventTopics.start(folder, "pipeline.restart-attempts: 0", "profiles.default: popularity")) {
      refused += sendGarbage(topics, "before");
      topics.send(world.users());
      topics.flush();
      try (RunningJob job =
          RunningJob.onKafka(topics.config(), folder.resolve("job"), environment -> {})) {
        topics.send(world.events().subList(0, HALF));
        topics.flush();
        job.await("a trained model", () -> job.metric("learner.model.mvke.samplesTrained") > 0);
        topics.send(world.events().subList(HALF, 2 * HALF));
        refused += sendGarbage(topics, "behind");
        refused += sendNegativeStay(topics);
        sendNewcomer(topics);
        topics.flush();
        job.awaitAccepted(world.size() + refused + 1);
        Set<String> expected = new HashSet<>(usersWhoClicked());
        expected.add(NEWCOMER);
        job.await(
            "a profile of the newcomer and of every user who clicked",
            () ->
                usersOf(topics.read(Topic.USER_TAG_PROFILES, UserTagProfile.class))
                    .containsAll(expected));
        statusBeforeTheEnd = job.status();
        job.drain();
        accounting =
            List.of("accepted", "deadLettered", "imbalance", "alarms").stream()
                .collect(Collectors.toMap(Function.identity(), job::accounting));
        accountedFor = job.accountedFor();
      }
      profiles = topics.read(Topic.USER_TAG_PROFILES, UserTagProfile.class);
      changes = topics.read(Topic.USER_TAG_CHANGES, UserTagChange.class);
      deadLetters = topics.read(Topic.DEAD_LETTERS, DeadLetter.class);
    }
  }

  private static long sendGarbage(EventTopics topics, String when) {
    for (Topic topic : Topic.inputs()) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topics.config().topics().name(topic), bytes(when), GARBAGE);
      record.headers().add(new RecordHeader("trace", bytes(when + "-" + topic)));
      topics.send(record);
    }
    return Topic.inputs().size();
  }

  private static void sendNewcomer(EventTopics topics) {
    List<Impression> all = world.all(Impression.class);
    Impression shown = Impression.newBuilder(all.get(all.size() - 1)).build(); // the last: not late
    shown.setUserId(NEWCOMER);
    shown.setImpressionId(NEWCOMER);
    topics.send(
        new ProducerRecord<>(
            topics.config().topics().name(Topic.IMPRESSIONS),
            bytes(NEWCOMER),
            EventTopics.encode(shown)));
  }

  private static long sendNegativeStay(EventTopics topics) {
    topics.send(
        new ProducerRecord<>(
            topics.config().topics().name(Topic.STAYS), bytes(NEGATIVE_STAY), negativeStay()));
    return 1;
  }

  private static byte[] negativeStay() {
    long time = world.events().get(0).eventTimeMillis();
    return EventTopics.encode(new Stay(NEGATIVE_STAY, "any", time, -5L));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Set<String> usersWhoClicked() {
    return usersWhoClicked(0);
  }

  /** Users with a click from this event on. */
  private static Set<String> usersWhoClicked(int from) {
    return world.events().stream()
        .skip(from)
        .filter(event -> event.record() instanceof Click)
        .map(WorldEvent::key)
        .collect(Collectors.toSet());
  }

  private static Set<String> usersOf(List<UserTagProfile> published) {
    return published.stream().map(UserTagProfile::getUserId).collect(Collectors.toSet());
  }

  private static Map<String, List<UserTagProfile>> byUser() {
    return profiles.stream().collect(Collectors.groupingBy(UserTagProfile::getUserId));
  }

  @Test
  void everyUserWhoClickedHasAProfileAndNobodyUnknownDoes() {
    Set<String> known = world.users().stream().map(WorldEvent::key).collect(Collectors.toSet());
    assertThat(usersWhoClicked()).isNotEmpty();
    known.add(NEWCOMER);
    assertThat(usersOf(profiles)).containsAll(usersWhoClicked()).isSubsetOf(known);
  }

  @Test
  void whoIsOnlyShownSomethingGetsWhatIsPopular() {
    assertThat(byUser().get(NEWCOMER))
        .singleElement()
        .satisfies(
            profile -> {
              assertThat(profile.getModelVersion()).startsWith(POPULARITY);
              assertThat(profile.getCauses()).isEmpty();
              assertThat(profile.getTasks().get(0).getTags()).isNotEmpty();
            });
  }

  /** Profiles that a model made. */
  private static List<UserTagProfile> learnt() {
    return profiles.stream()
        .filter(profile -> !profile.getModelVersion().startsWith(POPULARITY))
        .toList();
  }

  @Test
  void profilesRankTheTagsOfEveryTask() {
    Set<String> tags =
        world.all(Impression.class).stream()
            .flatMap(impression -> impression.getTags().stream())
            .collect(Collectors.toSet());
    Set<String> rankedUsers = new HashSet<>();
    for (UserTagProfile profile : learnt()) {
      assertThat(profile.getTasks())
          .extracting(TaskTags::getTask)
          .containsExactly("click", "stay", "conversion");
      for (TaskTags task : profile.getTasks()) {
        List<Float> scores = task.getTags().stream().map(TagScore::getScore).toList();
        // Before its first step the model knows no tag.
        assertThat(scores.isEmpty()).isEqualTo(profile.getModelVersion().endsWith("@0"));
        assertThat(scores).allMatch(score -> score >= 0 && score <= 1);
        assertThat(scores).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(task.getTags()).extracting(TagScore::getTag).doesNotHaveDuplicates();
        assertThat(tags).containsAll(task.getTags().stream().map(TagScore::getTag).toList());
        if (!scores.isEmpty()) {
          rankedUsers.add(profile.getUserId());
        }
      }
    }
    assertThat(rankedUsers).containsAll(usersWhoClicked(HALF));
  }

  @Test
  void causesNameEventsThatWereSent() {
    Map<String, Impression> shown =
        world.all(Impression.class).stream()
            .collect(Collectors.toMap(Impression::getImpressionId, Function.identity()));
    Map<Emission, Set<List<Object>>> sent = sentEngagements();
    for (UserTagProfile profile : learnt()) {
      assertThat(profile.getCauses()).isNotEmpty();
      for (Cause cause : profile.getCauses()) {
        Impression impression = shown.get(cause.getImpressionId());
        assertThat(impression).as("impression of %s", cause).isNotNull();
        assertThat(profile.getUserId()).isEqualTo(impression.getUserId());
        assertThat(cause.getItemId()).isEqualTo(impression.getItemId());
        assertThat(cause.getTags()).isEqualTo(impression.getTags());
        assertThat(sent.get(cause.getEmission()))
            .contains(List.of(cause.getImpressionId(), cause.getEventTimeMillis()));
      }
      assertThat(profile.getEventTimeMillis())
          .isEqualTo(
              profile.getCauses().stream().mapToLong(Cause::getEventTimeMillis).max().orElse(0));
    }
  }

  private static Map<Emission, Set<List<Object>>> sentEngagements() {
    Map<Emission, Set<List<Object>>> sent = new HashMap<>();
    for (Emission emission : Emission.values()) {
      sent.put(emission, new HashSet<>());
    }
    for (Click click : world.all(Click.class)) {
      sent.get(Emission.CLICK).add(List.of(click.getImpressionId(), click.getEventTimeMillis()));
    }
    for (Stay stay : world.all(Stay.class)) {
      sent.get(Emission.STAY).add(List.of(stay.getImpressionId(), stay.getEventTimeMillis()));
    }
    for (Conversion conversion : world.all(Conversion.class)) {
      List<Object> event = List.of(conversion.getImpressionId(), conversion.getEventTimeMillis());
      sent.get(Emission.CONVERSION).add(event);
      sent.get(Emission.CORRECTION).add(event);
    }
    return sent;
  }

  @Test
  void versionsGoUpAndEachContentIsNew() {
    byUser()
        .forEach(
            (user, published) -> {
              assertThat(published)
                  .extracting(UserTagProfile::getVersion)
                  .as("versions of %s", user)
                  .isSorted()
                  .doesNotHaveDuplicates();
              for (int i = 1; i < published.size(); i++) {
                assertThat(published.get(i).getContentDigest())
                    .isNotEqualTo(published.get(i - 1).getContentDigest());
              }
            });
  }

  @Test
  void changesLeadFromEachProfileToTheNext() {
    Map<List<Object>, UserTagChange> byVersion =
        changes.stream()
            .collect(
                Collectors.toMap(
                    change -> List.of(change.getUserId(), change.getVersion()),
                    Function.identity()));
    int used = 0;
    for (List<UserTagProfile> published : byUser().values()) {
      Map<List<String>, Float> before = Map.of();
      for (UserTagProfile profile : published) {
        Map<List<String>, Float> after = scores(profile);
        UserTagChange change =
            byVersion.get(List.<Object>of(profile.getUserId(), profile.getVersion()));
        if (change == null) {
          assertThat(after).as("a profile without a change: %s", profile).isEqualTo(before);
        } else {
          assertThat(change.getCauses()).isEqualTo(profile.getCauses());
          assertMoves(change, before, after);
          used++;
        }
        before = after;
      }
    }
    assertThat(changes).hasSize(used);
  }

  private static void assertMoves(
      UserTagChange change, Map<List<String>, Float> before, Map<List<String>, Float> after) {
    Set<List<String>> moved = new HashSet<>();
    for (TagMove move : change.getMoves()) {
      List<String> tag = List.of(move.getTask(), move.getTag());
      assertThat(moved.add(tag)).as("%s moves once in %s", tag, change).isTrue();
      assertThat(move.getBefore()).isEqualTo(before.get(tag));
      assertThat(move.getAfter()).isEqualTo(after.get(tag));
    }
    Set<List<String>> entered = new HashSet<>(after.keySet());
    entered.removeAll(before.keySet());
    Set<List<String>> left = new HashSet<>(before.keySet());
    left.removeAll(after.keySet());
    assertThat(moved).containsAll(entered).containsAll(left);
  }

  private static Map<List<String>, Float> scores(UserTagProfile profile) {
    Map<List<String>, Float> scores = new HashMap<>();
    for (TaskTags task : profile.getTasks()) {
      for (TagScore tag : task.getTags()) {
        scores.put(List.of(task.getTask(), tag.getTag()), tag.getScore());
      }
    }
    return scores;
  }

  @Test
  void everyRecordIsAccountedFor() {
    assertThat(accounting)
        .containsEntry("accepted", world.size() + refused + 1)
        .containsEntry("deadLettered", refused)
        .containsEntry("imbalance", 0L)
        .containsEntry("alarms", 0L);
    assertThat(accountedFor).isEqualTo(world.size() + refused + 1);
  }

  @Test
  void garbageOnEveryTopicIsFoundUntouchedAndTheJobGoesOn() {
    assertThat(statusBeforeTheEnd).isEqualTo(JobStatus.RUNNING);
    assertThat(deadLetters).hasSize((int) refused);
    List<String> found = new ArrayList<>();
    for (DeadLetter letter : deadLetters) {
      if (letter.getReason() == DeadLetterReason.UNREADABLE) {
        assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap(GARBAGE));
        assertThat(letter.getDetail()).isNotEmpty();
        assertThat(letter.getHeaders()).hasSize(1);
        assertThat(letter.getHeaders().get(0).getName()).isEqualTo("trace");
        String when = StandardCharsets.UTF_8.decode(letter.getKey().duplicate()).toString();
        String trace =
            StandardCharsets.UTF_8
                .decode(letter.getHeaders().get(0).getValue().duplicate())
                .toString();
        assertThat(trace).startsWith(when + "-");
        found.add(when + " " + letter.getTopic());
      }
    }
    List<String> expected = new ArrayList<>();
    for (Topic topic : Topic.inputs()) {
      expected.add("before " + topic.defaultName());
      expected.add("behind " + topic.defaultName());
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void whatBreaksARuleIsFoundUntouched() {
    assertThat(deadLetters)
        .filteredOn(letter -> letter.getReason() == DeadLetterReason.NEGATIVE_STAY)
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.getTopic()).isEqualTo(Topic.STAYS.defaultName());
              assertThat(letter.getKey()).isEqualTo(ByteBuffer.wrap(bytes(NEGATIVE_STAY)));
              assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap(negativeStay()));
              assertThat(letter.getDetail()).contains("-5");
            });
  }
}

package io.tagstream.profile.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.profile.IntervalClock;
import io.tagstream.profile.ProfileConfig;
import io.tagstream.schemas.Cause;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.ProfileInput;
import io.tagstream.schemas.ProfileUpdate;
import io.tagstream.schemas.ScoredUser;
import io.tagstream.schemas.StageName;
import io.tagstream.schemas.TagScore;
import io.tagstream.schemas.TaskStage;
import io.tagstream.schemas.TaskTags;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserExpiry;
import io.tagstream.schemas.UserTagChange;
import io.tagstream.schemas.UserTagProfile;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProfileOperatorTest {

  private static final long NOW = 1_735_689_600_000L;
  private static final ProfileConfig CONFIG =
      new ProfileConfig(2, 0.1f, Duration.ofSeconds(1), 4, Set.of(), Set.of());

  private KeyedOneInputStreamOperatorTestHarness<String, ProfileInput, ProfileUpdate> harness;

  @BeforeEach
  void start() throws Exception {
    harness = harness(null, NOW);
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  @Test
  void publishesProfileAndChangeWithStageAndWhy() throws Exception {
    send("u1", 7, 0.5f, "jazz", "rock");
    UserTagProfile profile = profiles().get(0).getProfile();
    assertThat(profile.getUserId()).isEqualTo("u1");
    assertThat(profile.getVersion()).isEqualTo(NOW << 16);
    assertThat(profile.getPublishedAtMillis()).isEqualTo(NOW);
    assertThat(profile.getEventTimeMillis()).isEqualTo(7);
    assertThat(profile.getModelVersion()).isEqualTo("mvke@3");
    assertThat(profile.getStageName()).isEqualTo(StageName.STICK);
    assertThat(profile.getStages()).containsExactly(new TaskStage("click", 2.0, 3.0, 4.0, 0.5f));
    assertThat(profile.getTasks())
        .containsExactly(
            new TaskTags("click", List.of(new TagScore("jazz", 0.5f), new TagScore("rock", 0.5f))));
    assertThat(profile.getCauses()).containsExactly(cause(7));
    UserTagChange change = changes().get(0);
    assertThat(change.getVersion()).isEqualTo(profile.getVersion());
    assertThat(change.getMoves()).hasSize(2).allMatch(m -> m.getBefore() == null);
    assertThat(change.getCauses()).containsExactly(cause(7));
  }

  @Test
  void publishesAtMostOncePerIntervalAndTheLastChangeByTimer() throws Exception {
    send("u1", 1, 0.5f, "a");
    send("u1", 2, 0.5f, "b");
    send("u1", 3, 0.5f, "c");
    send("u2", 4, 0.5f, "z"); // another user has its own interval
    assertThat(profiles()).hasSize(2);
    harness.setProcessingTime(NOW + 999);
    assertThat(profiles()).hasSize(2);
    harness.setProcessingTime(NOW + 1_000);
    assertThat(profiles()).hasSize(3);
    UserTagProfile last = profiles().get(2).getProfile();
    assertThat(last.getTasks().get(0).getTags()).containsExactly(new TagScore("c", 0.5f));
    assertThat(last.getCauses()).containsExactly(cause(2), cause(3));
    harness.setProcessingTime(NOW + 10_000);
    assertThat(profiles()).hasSize(3);
    assertThat(harness.numProcessingTimeTimers()).isZero();
  }

  @Test
  void aReplaysIntervalIsEventTimeAndItsVersionsAreNot() throws Exception {
    harness.close();
    harness = harness(null, NOW, IntervalClock.EVENT);
    send("u1", 1, 0.5f, "a");
    send("u1", 500, 0.5f, "b");
    send("u1", 900, 0.5f, "c");
    harness.setProcessingTime(NOW + 60_000);
    assertThat(profiles()).as("the wall clock says nothing").hasSize(1);
    harness.processWatermark(1_000);
    assertThat(profiles()).hasSize(1);
    harness.processWatermark(1_001);
    assertThat(profiles()).hasSize(2);
    UserTagProfile second = profiles().get(1).getProfile();
    assertThat(second.getTasks().get(0).getTags()).containsExactly(new TagScore("c", 0.5f));
    assertThat(second.getVersion()).isEqualTo((NOW + 60_000) << 16);
    assertThat(second.getPublishedAtMillis()).isEqualTo(NOW + 60_000);
    send("u1", 2_500, 0.5f, "d");
    assertThat(profiles()).as("the next interval, at once").hasSize(3);
    assertThat(harness.numEventTimeTimers() + harness.numProcessingTimeTimers()).isZero();
  }

  @Test
  void whatWaitsByOneClockIsPublishedByTheOther() throws Exception {
    send("u1", 1, 0.5f, "a");
    send("u1", 2, 0.5f, "b");
    OperatorSubtaskState live = harness.snapshot(1, 1);
    harness.close();
    harness = harness(live, NOW + 500, IntervalClock.EVENT);
    harness.setProcessingTime(NOW + 1_000);
    assertThat(profiles()).hasSize(1);
    send("u1", 3, 0.5f, "c");
    OperatorSubtaskState replay = harness.snapshot(2, 2);
    harness.close();
    harness = harness(replay, NOW + 2_000, IntervalClock.WALL);
    harness.processWatermark(NOW + 5_000);
    assertThat(profiles()).hasSize(1);
    assertThat(harness.numEventTimeTimers() + harness.numProcessingTimeTimers()).isZero();
  }

  @Test
  void repeatsAreRecognised() throws Exception {
    send("u1", 1, 0.5f, "a");
    harness.setProcessingTime(NOW + 5_000);
    send("u1", 1, 0.5f, "a");
    send("u1", 2, 0.55f, "a");
    assertThat(profiles()).hasSize(1);
    assertThat(harness.numProcessingTimeTimers()).isZero();
  }

  @Test
  void whatWaitsSurvivesARestore() throws Exception {
    send("u1", 1, 0.5f, "a");
    send("u1", 2, 0.5f, "b");
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    harness.close();
    harness = harness(snapshot, NOW + 500);
    assertThat(profiles()).isEmpty();
    harness.setProcessingTime(NOW + 1_000);
    assertThat(profiles()).hasSize(1);
    assertThat(profiles().get(0).getProfile().getCauses()).containsExactly(cause(2));
  }

  @Test
  void versionsRiseWhenAnOlderCheckpointComesBackTwice() throws Exception {
    send("u1", 1, 0.5f, "a");
    OperatorSubtaskState checkpoint = harness.snapshot(1, 1);
    long highest = profiles().get(0).getProfile().getVersion();
    for (int kill = 1; kill <= 2; kill++) {
      long start = NOW + kill * 10_000L;
      for (int i = 0; i < 3; i++) {
        harness.setProcessingTime(start + i * 2_000L);
        send("u1", 10 + i, 0.5f, "t" + i);
      }
      harness.close(); // killed: what it remembered is lost, what it wrote is not
      List<ProfileUpdate> written = profiles();
      for (ProfileUpdate update : written.subList(kill == 1 ? 1 : 0, written.size())) {
        assertThat(update.getProfile().getVersion()).isGreaterThan(highest);
        highest = update.getProfile().getVersion();
      }
      harness = harness(checkpoint, start + 9_000);
    }
    send("u1", 20, 0.5f, "last");
    assertThat(profiles().get(0).getProfile().getVersion()).isGreaterThan(highest);
  }

  @Test
  void aDeletionWritesATombstoneAndLeavesNothing() throws Exception {
    send("u1", 1, 0.5f, "a");
    send("u1", 2, 0.5f, "b");
    forget("u1", new UserDeletion("u1", 9L));
    assertThat(profiles().get(1)).isEqualTo(new ProfileUpdate("u1", null));
    assertThat(harness.numKeyedStateEntries()).isZero();
    assertThat(harness.numProcessingTimeTimers()).as("for the pending profile").isZero();
    harness.setProcessingTime(NOW + 5_000);
    assertThat(profiles()).hasSize(2);
    assertThat(changes()).hasSize(1);
    send("u1", 10, 0.5f, "c");
    UserTagProfile again = profiles().get(2).getProfile();
    assertThat(again.getVersion()).isGreaterThan((NOW << 16) + 1);
    assertThat(again.getCauses()).containsExactly(cause(10));
  }

  @Test
  void aUserUnknownHereIsDeletedInTheTopicAllTheSame() throws Exception {
    forget("u1", new UserDeletion("u1", 9L));
    assertThat(profiles()).containsExactly(new ProfileUpdate("u1", null));
    assertThat(harness.numKeyedStateEntries()).isZero();
  }

  @Test
  void aUserExpiresWithATombstoneIfThereWasAProfile() throws Exception {
    send("u1", 1, 0.5f, "a");
    forget("u1", new UserExpiry("u1", 9L));
    forget("u2", new UserExpiry("u2", 9L));
    assertThat(profiles()).hasSize(2);
    assertThat(profiles().get(1)).isEqualTo(new ProfileUpdate("u1", null));
    assertThat(harness.numKeyedStateEntries()).isZero();
  }

  private void forget(String userId, Object why) throws Exception {
    harness.processElement(new StreamRecord<>(new ProfileInput(userId, why)));
  }

  @Test
  void atTheEndOfInputNothingExpiresAndWhatWaitsIsPublished() throws Exception {
    send("u1", 1, 0.5f, "a");
    send("u1", 2, 0.5f, "b");
    send("u2", 3, 0.5f, "a");
    harness.processWatermark(Watermark.MAX_WATERMARK);
    assertThat(profiles()).hasSize(2);
    harness.endInput();
    assertThat(profiles()).hasSize(3);
    UserTagProfile flushed = profiles().get(2).getProfile();
    assertThat(flushed.getUserId()).isEqualTo("u1");
    assertThat(flushed.getCauses()).containsExactly(cause(2));
    assertThat(profiles()).allMatch(p -> p.getProfile() != null);
    assertThat(harness.numEventTimeTimers()).isZero();
  }

  @Test
  void theEndOfInputFindsWaitingUsersInRocksDbToo() throws Exception {
    harness.close();
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new ProfileOperator(CONFIG, IntervalClock.WALL), ProfileInput::getUserId, Types.STRING);
    harness.setStateBackend(new EmbeddedRocksDBStateBackend());
    harness.setProcessingTime(NOW);
    harness.open();
    for (int user = 0; user < 50; user++) {
      send("u" + user, 1, 0.5f, "a");
      if (user % 2 == 0) {
        send("u" + user, 2, 0.5f, "b");
      }
    }
    harness.endInput();
    assertThat(profiles()).hasSize(75);
    assertThat(profiles().subList(50, 75))
        .allMatch(p -> p.getProfile().getTasks().get(0).getTags().get(0).getTag().equals("b"));
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, ProfileInput, ProfileUpdate>
      harness(OperatorSubtaskState state, long now) throws Exception {
    return harness(state, now, IntervalClock.WALL);
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, ProfileInput, ProfileUpdate>
      harness(OperatorSubtaskState state, long now, IntervalClock clock) throws Exception {
    KeyedOneInputStreamOperatorTestHarness<String, ProfileInput, ProfileUpdate> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new ProfileOperator(CONFIG, clock), ProfileInput::getUserId, Types.STRING);
    harness.setProcessingTime(now);
    harness.setup();
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }

  private void send(String userId, long time, float score, String... tags) throws Exception {
    List<TagScore> scores = List.of(tags).stream().map(tag -> new TagScore(tag, score)).toList();
    ScoredUser scored =
        new ScoredUser(
            userId,
            time,
            "mvke",
            3L,
            List.of(new TaskTags("click", scores)),
            StageName.STICK,
            List.of(new TaskStage("click", 2.0, 3.0, 4.0, 0.5f)),
            List.of(cause(time)));
    harness.processElement(new StreamRecord<>(new ProfileInput(userId, scored)));
  }

  private static Cause cause(long time) {
    return new Cause(Emission.CLICK, "i" + time, "v" + time, List.of("a"), time, time + 1);
  }

  private List<ProfileUpdate> profiles() {
    return harness.extractOutputValues();
  }

  private List<UserTagChange> changes() {
    Queue<StreamRecord<UserTagChange>> side = harness.getSideOutput(ProfileStage.CHANGES);
    return side == null ? List.of() : side.stream().map(StreamRecord::getValue).toList();
  }
}

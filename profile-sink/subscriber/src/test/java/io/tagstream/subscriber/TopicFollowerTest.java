package io.tagstream.subscriber;

import static io.tagstream.subscriber.Profiles.bytes;
import static io.tagstream.subscriber.Profiles.profile;
import static io.tagstream.subscriber.Profiles.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.subscriber.SubscriberStatus.State;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The following thread's steps, one by one, on a topic in memory. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TopicFollowerTest {

  private static final TopicPartition PARTITION = new TopicPartition(Profiles.TOPIC, 0);

  @TempDir Path folder;

  private final List<String> told = new ArrayList<>();
  private ProfileListener listener = this::remember;
  private ProfileStore store;
  private FakeTopic topic = new FakeTopic();

  @BeforeEach
  void open() {
    store = new ProfileStore(folder, 1 << 20, 1 << 20);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void remember(ProfileChange change) {
    told.add(
        change.userId()
            + " "
            + (change.before() == null ? "-" : change.before().getVersion())
            + " to "
            + (change.after() == null ? "-" : change.after().getVersion()));
  }

  private TopicFollower follower() {
    return follower(StartFrom.BEGINNING);
  }

  private TopicFollower follower(StartFrom start) {
    SubscriberConfig config =
        ProfileSubscriber.builder()
            .bootstrapServers("b:9092")
            .directory(folder)
            .startFrom(start)
            .topicCheck(Duration.ofMillis(10))
            .onChange(change -> listener.changed(change))
            .config();
    return new TopicFollower(config, store, topic.connection(), Clock.systemUTC());
  }

  /** A new connection to the same topic. */
  private void reconnect() {
    FakeTopic next = new FakeTopic();
    next.id = topic.id;
    topic.partitions.forEach((p, range) -> next.range(p, range.begin(), range.end()));
    topic = next;
  }

  private static ConsumerRecord<byte[], byte[]> put(long offset, String user, long version) {
    return record(0, offset, user, bytes(profile(user, version, version)));
  }

  private static ConsumerRecord<byte[], byte[]> tombstone(long offset, String user) {
    return record(0, offset, user, null);
  }

  @Test
  void tellsChangesAndDropsRepeatsStaleAndUndecodable() throws Exception {
    topic.range(0, 8);
    topic.serve(
        put(0, "a", 1),
        put(1, "b", 1),
        record(0, 2, "a", bytes(profile("a", 2, 1))),
        put(3, "a", 1),
        record(0, 4, "a", new byte[] {1, 2, 3}),
        record(0, 5, null, new byte[] {1}),
        tombstone(6, "b"),
        tombstone(7, "nobody"));
    TopicFollower follower = follower();
    follower.step();
    assertThat(told).containsExactly("a - to 1", "b - to 1", "b 1 to -");
    assertThat(store.get("a").mark().version()).as("a repeat's newer version").isEqualTo(2);
    assertThat(store.get("b")).isNull();
    SubscriberStatus status = follower.status();
    assertThat(status.caughtUp()).isTrue();
    assertThat(status)
        .isEqualTo(
            new SubscriberStatus(
                State.FOLLOWING, true, StartFrom.BEGINNING, 1, 1, 8, 3, 2, 1, 2, 0, null));
    assertThat(store.progress().get(0).nextOffset()).isEqualTo(8);
  }

  @Test
  void fromNowOnOnly() throws Exception {
    topic.range(0, 5);
    TopicFollower follower = follower(StartFrom.NOW);
    assertThat(follower.status().caughtUp()).isTrue();
    topic.range(0, 6);
    topic.serve(put(5, "a", 9));
    follower.step();
    assertThat(told).containsExactly("a - to 9");
  }

  @Test
  void aListenerThatThrowsStopsItAndIsToldAgain() throws Exception {
    topic.range(0, 3);
    topic.serve(put(0, "a", 1), put(1, "b", 1), put(2, "c", 1));
    listener =
        change -> {
          remember(change);
          if (change.userId().equals("b")) {
            throw new java.io.IOException("downstream is full");
          }
        };
    TopicFollower failed = follower();
    failed.run();
    assertThat(failed.failure())
        .hasMessageContaining("onChange: threw at user-tag-profiles-0@1")
        .hasMessageContaining("downstream is full");
    assertThat(failed.status().state()).isEqualTo(State.FAILED);
    assertThat(failed.status().problem()).contains("downstream is full");
    assertThatThrownBy(() -> failed.awaitCaughtUp(Duration.ofSeconds(5)))
        .isInstanceOf(SubscriberException.class)
        .hasMessageContaining("downstream is full");
    assertThat(store.users()).as("nothing of the batch is kept").isZero();

    listener = this::remember;
    reconnect();
    topic.serve(put(0, "a", 1), put(1, "b", 1), put(2, "c", 1));
    follower().step();
    assertThat(told).containsExactly("a - to 1", "b - to 1", "a - to 1", "b - to 1", "c - to 1");
  }

  @Test
  void afterLongerThanTombstonesAreKeptUsersThatAreGoneAreForgotten() throws Exception {
    topic.range(0, 3);
    topic.serve(put(0, "a", 1), put(1, "b", 1), put(2, "c", 1));
    follower().step();
    told.clear();

    // The tombstone of b came and went; c changed; d is new; a is as it was.
    reconnect();
    topic.nowMillis += FakeTopic.KEPT_MILLIS;
    topic.range(0, 6);
    TopicFollower follower = follower();
    topic.serve(put(0, "a", 1));
    follower.step();
    assertThat(follower.status().caughtUp()).isFalse();
    assertThat(store.get("b")).as("until all was read").isNotNull();
    follower.stop();

    // Interrupted in the middle, and begun again within the time that tombstones are kept.
    reconnect();
    topic.nowMillis += FakeTopic.KEPT_MILLIS + 1;
    TopicFollower next = follower();
    topic.serve(put(4, "c", 2), put(5, "d", 1));
    next.step();
    assertThat(told).containsExactly("c 1 to 2", "d - to 1", "b 1 to -");
    assertThat(store.get("b")).isNull();
    assertThat(store.get("a")).isNotNull();
    assertThat(store.users()).isEqualTo(3);
    assertThat(next.status().caughtUp()).isTrue();
    assertThat(store.progress().get(0).isReadAgain()).isFalse();
  }

  @Test
  void withinThatTimeItGoesOn() throws Exception {
    topic.range(0, 1);
    topic.serve(put(0, "a", 1));
    follower().step();
    reconnect();
    topic.nowMillis += FakeTopic.KEPT_MILLIS - 1;
    topic.range(0, 2);
    TopicFollower follower = follower();
    topic.serve(put(1, "b", 1));
    follower.step();
    assertThat(told).containsExactly("a - to 1", "b - to 1");
    assertThat(follower.status().records()).isEqualTo(1);
  }

  @Test
  void isReadFromItsBeginningWhereTheOffsetIsGone() throws Exception {
    topic.range(0, 2);
    topic.serve(put(0, "a", 1), put(1, "b", 1));
    follower().step();
    told.clear();

    reconnect();
    topic.range(4, 6);
    TopicFollower follower = follower();
    topic.serve(put(4, "b", 1), put(5, "c", 1));
    follower.step();
    assertThat(told).containsExactly("c - to 1", "a 1 to -");
  }

  @Test
  void anOffsetThatTheBrokerDoesNotKnowIsReadAgainWhileRunning() throws Exception {
    topic.range(0, 2);
    topic.serve(put(0, "a", 1), put(1, "b", 1));
    TopicFollower follower = follower();
    follower.step();
    topic.consumer.setPollException(new OffsetOutOfRangeException(Map.of(PARTITION, 2L)));
    topic.range(0, 1);
    while (store.progress().get(0).generation() == 0) {
      follower.step();
    }
    assertThat(topic.consumer.paused()).isEmpty();
    topic.serve(put(0, "a", 1));
    follower.step();
    assertThat(told).containsExactly("a - to 1", "b - to 1", "b 1 to -");
  }

  @Test
  void newPartitionsBeginAtTheirBeginning() throws Exception {
    topic.range(0, 1);
    TopicFollower follower = follower(StartFrom.NOW);
    topic.range(1, 3, 4);
    while (follower.status().partitions() < 2) {
      follower.step();
    }
    topic.serve(record(1, 3, "x", bytes(profile("x", 1, 1))));
    follower.step();
    assertThat(told).containsExactly("x - to 1");
    assertThat(store.progress()).containsOnlyKeys(0, 1);
  }

  @Test
  void waitsForABrokerThatIsAwayAndGoesOn() throws Exception {
    topic.range(0, 1);
    TopicFollower follower = follower();
    topic.failure = new TimeoutException("no node available");
    while (follower.status().state() != State.WAITING) {
      follower.step();
    }
    assertThat(follower.status().problem()).contains("no node available");
    assertThat(follower.failure()).isNull();

    topic.failure = null;
    topic.serve(put(0, "a", 1));
    while (follower.status().state() != State.FOLLOWING || told.isEmpty()) {
      follower.step();
    }
    assertThat(told).containsExactly("a - to 1");
  }

  @Test
  void whatWaitingCannotHealStopsIt() {
    TopicFollower follower = follower();
    topic.failure = new SaslAuthenticationException("wrong password");
    follower.run();
    assertThat(follower.failure()).hasMessageContaining("wrong password");
  }

  @Test
  void aTopicMadeAnewIsNotTheSame() throws Exception {
    topic.range(0, 1);
    topic.serve(put(0, "a", 1));
    follower().step();
    reconnect();
    topic.id = new Uuid(3, 4);
    assertThatThrownBy(this::follower)
        .isInstanceOf(SubscriberException.class)
        .hasMessageContaining("was filled from a topic user-tag-profiles that is no more")
        .hasMessageContaining("remove the directory and start again");

    StoreIdentity other = new StoreIdentity(topic.id, StoreIdentity.SCHEMA, StartFrom.NOW, "other");
    assertThatThrownBy(() -> other.require(Profiles.TOPIC, topic.id, folder))
        .hasMessageContaining("holds profiles of the topic other, not of user-tag-profiles");
    StoreIdentity old = new StoreIdentity(topic.id, 5, StartFrom.NOW, Profiles.TOPIC);
    assertThatThrownBy(() -> old.require(Profiles.TOPIC, topic.id, folder))
        .hasMessageContaining("holds profiles of schema 0000000000000005");
  }

  @Test
  void aTopicMadeAnewWhileRunningStopsIt() {
    TopicFollower follower = follower();
    topic.id = new Uuid(3, 4);
    follower.run();
    assertThat(follower.failure()).hasMessageContaining("that is no more");
  }

  @Test
  void aMissingTopicAndASilentBrokerAreTold() {
    topic.failure = new UnknownTopicOrPartitionException("no");
    assertThatThrownBy(this::follower)
        .isInstanceOf(SubscriberException.class)
        .hasMessageContaining("topic: user-tag-profiles - is not on the broker b:9092");
    topic.failure = new TimeoutException("timed out");
    assertThatThrownBy(this::follower)
        .isInstanceOf(SubscriberException.class)
        .hasMessageContaining("bootstrapServers: b:9092 - does not answer");
  }
}

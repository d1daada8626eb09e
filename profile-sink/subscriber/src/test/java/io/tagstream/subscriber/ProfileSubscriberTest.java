package io.tagstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole of it on a topic in memory: how it starts, fails and ends. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ProfileSubscriberTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;

  private final FakeTopic topic = new FakeTopic();

  private ProfileSubscriber start(ProfileListener listener) {
    SubscriberConfig config =
        ProfileSubscriber.builder()
            .bootstrapServers("b:9092")
            .directory(folder)
            .onChange(listener)
            .lookups(0)
            .config();
    return ProfileSubscriber.start(config, topic::connection, Clock.systemUTC());
  }

  private void serveOne() {
    topic.range(0, 1);
    topic.serve(Profiles.record(0, 0, "a", Profiles.bytes(Profiles.profile("a", 5, 1))));
  }

  @Test
  void looksUpWhatItHasRead() throws Exception {
    serveOne();
    try (ProfileSubscriber subscriber = start(change -> {})) {
      assertThat(subscriber.awaitCaughtUp(LIMIT)).isTrue();
      assertThat(subscriber.profile("a")).hasValue(Profiles.profile("a", 5, 1));
      assertThat(subscriber.kept("a"))
          .hasValueSatisfying(
              kept -> assertThat(kept.appendTimeMillis()).isEqualTo(Profiles.APPENDED_MILLIS));
      assertThat(subscriber.profile("b")).isEmpty();
      assertThat(subscriber.lookupAddress()).isPresent();
      assertThat(subscriber.failure()).isEmpty();
    }
  }

  @Test
  void isClosedForGood() throws Exception {
    ProfileSubscriber subscriber = start(change -> {});
    subscriber.close();
    subscriber.close();
    assertThat(subscriber.status().state()).isEqualTo(SubscriberStatus.State.CLOSED);
    assertThat(topic.closed).isTrue();
    assertThat(topic.consumer.closed()).isTrue();
    assertThatThrownBy(() -> subscriber.profile("a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    new ProfileStore(folder, 1 << 20, 1 << 20).close(); // nobody holds it any more
  }

  @Test
  void closingTellsWhyItHadStopped() {
    serveOne();
    ProfileSubscriber subscriber =
        start(
            change -> {
              throw new IllegalStateException("full");
            });
    assertThatThrownBy(() -> subscriber.awaitCaughtUp(LIMIT)).hasMessageContaining("full");
    assertThat(subscriber.failure()).isPresent();
    assertThat(subscriber.profile("a")).as("look-ups go on").isEmpty();
    assertThatThrownBy(subscriber::close)
        .isInstanceOf(SubscriberException.class)
        .hasMessageContaining("full");
    assertThat(topic.closed).isTrue();
  }

  @Test
  void theListenerCannotCloseIt() throws Exception {
    CompletableFuture<ProfileSubscriber> itself = new CompletableFuture<>();
    serveOne();
    ProfileSubscriber subscriber = start(change -> itself.join().close());
    itself.complete(subscriber);
    assertThatThrownBy(() -> subscriber.awaitCaughtUp(LIMIT))
        .hasMessageContaining("close: the listener must not");
    assertThatThrownBy(subscriber::close).isInstanceOf(SubscriberException.class);
  }

  @Test
  void aStartThatFailsLeavesNothingOpen() {
    topic.failure = new TimeoutException("nobody there");
    assertThatThrownBy(() -> start(change -> {})).isInstanceOf(SubscriberException.class);
    assertThat(topic.closed).isTrue();
    new ProfileStore(folder, 1 << 20, 1 << 20).close();
  }

  @Test
  void aBrokerThatCannotBeFoundIsTold() {
    ProfileSubscriberBuilder builder =
        ProfileSubscriber.builder()
            .bootstrapServers("no.host..has.two.dots:9092")
            .directory(folder);
    assertThatThrownBy(builder::start)
        .isInstanceOf(SubscriberException.class)
        .hasMessageContaining("bootstrapServers: no.host..has.two.dots:9092");
  }
}

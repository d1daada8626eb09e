package io.tagstream.subscriber;

import io.tagstream.schemas.UserTagProfile;
import io.tagstream.schemas.codec.SingleObjectCodec;
import io.tagstream.subscriber.SubscriberStatus.State;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.avro.util.ClassSecurityValidator;
import org.jspecify.annotations.Nullable;

/**
 * Follows the topic of profiles, and keeps the newest profile of every user in a directory: what is
 * told and looked up goes on after a restart where it ended.
 *
 * <p>All methods may be called by any thread; {@link #close} by any but the listener's. The thread
 * that follows keeps the process alive until then.
 */
public final class ProfileSubscriber implements AutoCloseable {

  private static final Duration LISTENER_LIMIT = Duration.ofSeconds(10);

  static {
    // Avro makes objects of trusted classes only, and whoever uses this class means its records.
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(),
            type -> type.getPackageName().equals(UserTagProfile.class.getPackageName())));
  }

  private final ProfileStore store;
  private final TopicConnection connection;
  private final TopicFollower follower;
  private final @Nullable LookupServer lookups;
  private final Thread thread;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ThreadLocal<SingleObjectCodec<UserTagProfile>> codecs =
      ThreadLocal.withInitial(() -> new SingleObjectCodec<>(UserTagProfile.class));

  private ProfileSubscriber(
      SubscriberConfig config, ProfileStore store, TopicConnection connection, Clock clock) {
    this.store = store;
    this.connection = connection;
    this.follower = new TopicFollower(config, store, connection, clock);
    InetSocketAddress address = config.lookups();
    this.lookups = address == null ? null : new LookupServer(address, this::profile, this::status);
    this.thread = new Thread(follower, "profile-subscriber");
  }

  /** A subscriber's settings, to be set. */
  public static ProfileSubscriberBuilder builder() {
    return new ProfileSubscriberBuilder();
  }

  static ProfileSubscriber start(SubscriberConfig config) {
    Clock clock = Clock.systemUTC();
    return start(config, () -> TopicConnection.open(config, clock), clock);
  }

  /** Starts; what was opened is closed again when it cannot. */
  static ProfileSubscriber start(
      SubscriberConfig config, Supplier<TopicConnection> connect, Clock clock) {
    ProfileStore store =
        new ProfileStore(config.directory(), config.cacheBytes(), config.writeBufferBytes());
    try {
      TopicConnection connection = connect.get();
      try {
        ProfileSubscriber subscriber = new ProfileSubscriber(config, store, connection, clock);
        subscriber.thread.start();
        return subscriber;
      } catch (RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /**
   * A user's newest profile; empty when none is known.
   *
   * @throws IllegalStateException when the subscriber is closed
   */
  public Optional<UserTagProfile> profile(String userId) {
    return kept(userId).map(KeptProfile::profile);
  }

  /**
   * The same with when it came.
   *
   * @throws IllegalStateException when the subscriber is closed
   */
  public Optional<KeptProfile> kept(String userId) {
    return Optional.ofNullable(store.get(userId))
        .map(
            kept ->
                new KeptProfile(
                    userId, kept.appendTimeMillis(), RecordApplier.decodeKept(codecs.get(), kept)));
  }

  /** How it is doing, as of the last poll. */
  public SubscriberStatus status() {
    SubscriberStatus status = follower.status();
    return closed.get() ? status.in(State.CLOSED, status.problem()) : status;
  }

  /** Why it has stopped; empty while it follows. */
  public Optional<SubscriberException> failure() {
    return Optional.ofNullable(follower.failure());
  }

  /**
   * Waits until all that was in the topic at the start has been read.
   *
   * @return false when it has not within this time, or the subscriber was closed
   * @throws SubscriberException when it has stopped by a failure
   */
  public boolean awaitCaughtUp(Duration limit) throws InterruptedException {
    return follower.awaitCaughtUp(limit);
  }

  /** Where look-ups are answered; empty when they are not. */
  public Optional<InetSocketAddress> lookupAddress() {
    return Optional.ofNullable(lookups).map(LookupServer::address);
  }

  /**
   * Stops and frees everything; what was told and not stored is told again by the next start. A
   * listener that is still busy after ten seconds is interrupted.
   *
   * @throws SubscriberException after that, when the subscriber had stopped by a failure
   * @throws IllegalStateException when the listener calls it, or does not return though interrupted
   */
  @Override
  public void close() {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException("close: the listener must not; it stops by an exception");
    }
    if (closed.getAndSet(true)) {
      return;
    }
    if (lookups != null) {
      lookups.close();
    }
    follower.stop();
    awaitThread();
    connection.close();
    store.close();
    SubscriberException failure = follower.failure();
    if (failure != null) {
      throw new SubscriberException("stopped: " + failure.getMessage(), failure);
    }
  }

  private void awaitThread() {
    boolean interrupted = false;
    for (int attempt = 0; thread.isAlive(); attempt++) {
      if (attempt == 2) {
        // Freeing memory under a thread that uses it would end the process.
        throw new IllegalStateException(
            "close: the listener has not returned; its native memory stays");
      }
      if (attempt == 1) {
        thread.interrupt();
      }
      try {
        thread.join(LISTENER_LIMIT.toMillis());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.tagstream.subscriber;

import io.tagstream.subscriber.SubscriberStatus.State;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topic's records into the store, one batch a poll, on one thread; between polls it looks
 * at the topic. {@link #run} is called once; {@link #stop}, {@link #status}, {@link #failure} and
 * {@link #awaitCaughtUp} are for any thread.
 */
final class TopicFollower implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int SWEEP_BATCH = 1_000;

  private final SubscriberConfig config;
  private final ProfileStore store;
  private final Consumer<byte[], byte[]> consumer;
  private final TopicSource source;
  private final Clock clock;
  private final RecordApplier applier;
  private final StoreBatch batch;
  private final StoreIdentity identity;
  private final TopicProgress progress;
  private final long tombstonesKeptMillis;
  private final CountDownLatch stop = new CountDownLatch(1);

  /** Partitions whose position the broker does not know: paused until the topic was looked at. */
  private final Set<Integer> lost = new HashSet<>();

  private @Nullable CompletableFuture<TopicView> looking;
  private long nextLookNanos;
  private @Nullable String problem;

  // Written under this object's monitor, which waiting threads are told on.
  private volatile SubscriberStatus status;
  private volatile @Nullable SubscriberException failure;

  /**
   * A follower that goes on from where the store is; asks the broker and waits for its answers.
   *
   * @throws SubscriberException when the broker does not answer, or the topic is missing or not the
   *     store's
   */
  TopicFollower(
      SubscriberConfig config, ProfileStore store, TopicConnection connection, Clock clock) {
    this.config = config;
    this.store = store;
    this.consumer = connection.consumer();
    this.source = connection.source();
    this.clock = clock;
    this.applier = new RecordApplier(config.listener());
    this.batch = new StoreBatch(store);
    TopicView view = answer(source.look(), config);
    this.tombstonesKeptMillis = answer(source.tombstonesKeptMillis(), config);
    StoreIdentity stored = store.identity();
    if (stored == null) {
      identity =
          new StoreIdentity(
              view.topicId(), StoreIdentity.SCHEMA, config.startFrom(), config.topic());
      batch.put(identity);
    } else {
      identity = stored;
    }
    this.progress = new TopicProgress(store.progress());
    this.status =
        new SubscriberStatus(
            State.FOLLOWING, false, identity.startedFrom(), 0, 0, 0, 0, 0, 0, 0, 0, null);
    take(view, stored == null ? config.startFrom() : StartFrom.BEGINNING, true);
    tellStatus(currentStatus(State.FOLLOWING));
    nextLookNanos = System.nanoTime() + config.topicCheck().toNanos();
  }

  private static <T> T answer(CompletableFuture<T> question, SubscriberConfig config) {
    try {
      return question.join();
    } catch (CompletionException e) {
      Throwable why = cause(e);
      if (why instanceof UnknownTopicOrPartitionException) {
        throw new SubscriberException(
            "topic: %s - is not on the broker %s; create it, or name another one"
                .formatted(config.topic(), config.bootstrapServers()),
            why);
      }
      throw new SubscriberException(
          "bootstrapServers: %s - does not answer for the topic %s: %s"
              .formatted(config.bootstrapServers(), config.topic(), why.getMessage()),
          why);
    }
  }

  private static Throwable cause(CompletionException e) {
    return e.getCause() == null ? e : e.getCause();
  }

  @Override
  public void run() {
    try {
      while (!isStopping()) {
        step();
      }
    } catch (WakeupException | InterruptException | InterruptedException e) {
      if (!isStopping()) {
        fail(e);
      }
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  /** One poll, and what follows from it. */
  void step() throws InterruptedException {
    apply(poll());
    sweep();
    lookAtTopic();
    tellStatus(currentStatus(problem == null ? State.FOLLOWING : State.WAITING));
  }

  private boolean isStopping() {
    return stop.getCount() == 0;
  }

  private ConsumerRecords<byte[], byte[]> poll() throws InterruptedException {
    try {
      return consumer.poll(POLL);
    } catch (OffsetOutOfRangeException e) {
      e.partitions().forEach(partition -> lost.add(partition.partition()));
      consumer.pause(e.partitions());
      looking = null; // asked before, it would answer with offsets that are gone
      nextLookNanos = System.nanoTime();
    } catch (RetriableException e) {
      waitFor(e);
      // Some of these come at once, and would again.
      boolean unused = stop.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
    }
    return ConsumerRecords.empty();
  }

  /** Listener first, then profiles and offsets in one write: told at least once. */
  private void apply(ConsumerRecords<byte[], byte[]> records) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      applier.apply(record, progress.of(record.partition()).generation(), batch);
    }
    records
        .nextOffsets()
        .forEach((partition, next) -> progress.moveTo(partition.partition(), next.offset()));
    write();
  }

  private void write() {
    progress.drainTo(batch);
    batch.write();
  }

  /** Forgets users of partitions that were read again and did not name them. */
  private void sweep() {
    Set<Integer> due = progress.dueForSweep();
    if (due.isEmpty()) {
      return;
    }
    long changesBefore = applier.changes();
    store.forEachUser(
        (userId, kept) -> {
          if (due.contains(kept.partition())
              && kept.generation() < progress.of(kept.partition()).generation()) {
            applier.forget(userId, kept, clock.millis(), batch);
          }
          if (batch.size() >= SWEEP_BATCH) {
            batch.write();
          }
          return !isStopping();
        });
    if (!isStopping()) {
      progress.swept(due);
      LOG.info(
          "partitions {} were read again; {} users were not there any more",
          due,
          applier.changes() - changesBefore);
    }
    write();
  }

  private void lookAtTopic() {
    CompletableFuture<TopicView> question = looking;
    if (question == null) {
      if (System.nanoTime() - nextLookNanos >= 0) {
        looking = source.look();
      }
      return;
    }
    if (!question.isDone()) {
      return;
    }
    looking = null;
    nextLookNanos = System.nanoTime() + config.topicCheck().toNanos();
    try {
      TopicView view = question.join();
      boolean afterGap = problem != null;
      if (afterGap) {
        LOG.info("{}: Kafka answers again", config.topic());
        problem = null;
      }
      take(view, StartFrom.BEGINNING, afterGap);
    } catch (CompletionException e) {
      if (!(cause(e) instanceof RetriableException)) {
        throw e;
      }
      waitFor(cause(e));
    }
  }

  private void waitFor(Throwable why) {
    if (problem == null) {
      LOG.warn("{}: Kafka does not answer; waiting for it: {}", config.topic(), why.toString());
    }
    problem = "Kafka does not answer: " + why.getMessage();
  }

  private void take(TopicView view, StartFrom start, boolean afterGap) {
    identity.require(config.topic(), view.topicId(), config.directory());
    Set<Integer> moved = progress.take(view, start, afterGap, tombstonesKeptMillis, lost);
    write();
    Set<TopicPartition> assigned = Set.copyOf(consumer.assignment());
    List<TopicPartition> all = progress.partitions().stream().map(this::topicPartition).toList();
    if (assigned.size() < all.size()) {
      consumer.assign(all);
    }
    for (TopicPartition each : all) {
      if (moved.contains(each.partition()) || !assigned.contains(each)) {
        consumer.seek(each, progress.of(each.partition()).nextOffset());
      }
    }
    lost.clear();
    consumer.resume(consumer.paused());
  }

  private TopicPartition topicPartition(int partition) {
    return new TopicPartition(config.topic(), partition);
  }

  private SubscriberStatus currentStatus(State state) {
    long lag =
        consumer.assignment().stream()
            .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
            .sum();
    return new SubscriberStatus(
        state,
        progress.caughtUp(),
        identity.startedFrom(),
        store.users(),
        progress.partitions().size(),
        applier.records(),
        applier.changes(),
        applier.repeats(),
        applier.stale(),
        applier.undecodable(),
        lag,
        problem);
  }

  private synchronized void tellStatus(SubscriberStatus next) {
    status = next;
    notifyAll();
  }

  private synchronized void fail(Throwable why) {
    LOG.error("{}: the subscriber stops", config.topic(), why);
    SubscriberException told =
        why instanceof SubscriberException known
            ? known
            : new SubscriberException("topic: %s - %s".formatted(config.topic(), why), why);
    failure = told;
    tellStatus(status.in(State.FAILED, told.getMessage()));
  }

  /** Ends {@link #run} soon; what was told and not written is told again by the next start. */
  void stop() {
    stop.countDown();
    consumer.wakeup();
  }

  /** How it is doing. */
  SubscriberStatus status() {
    return status;
  }

  /** Why it has stopped; null while it has not. */
  @Nullable SubscriberException failure() {
    return failure;
  }

  /**
   * Waits.
   *
   * @return whether it has caught up in time
   * @throws SubscriberException when it has stopped
   */
  synchronized boolean awaitCaughtUp(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!status.caughtUp()) {
      SubscriberException stopped = failure;
      if (stopped != null) {
        throw new SubscriberException("stopped: " + stopped.getMessage(), stopped);
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0 || isStopping()) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}

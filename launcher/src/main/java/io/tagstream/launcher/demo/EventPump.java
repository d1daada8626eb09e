package io.tagstream.launcher.demo;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.world.EventSource;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends a source's events to Kafka, in their order, at a pace. One idempotent producer: the order
 * within every partition is the source's.
 */
public final class EventPump implements AutoCloseable {

  /**
   * How fast.
   *
   * @param speedup seconds of event time per second of wall time; 0 is as fast as the job follows
   * @param maxAhead events the pump may be ahead of the job, where speedup is 0
   * @param presentMillis event time that is due at the start, milliseconds since the epoch, and
   *     what lies before it at once; null is the first event's
   */
  public record Pace(double speedup, long maxAhead, @Nullable Long presentMillis) {

    /** Event time passes so many times as fast as the clock. */
    public static Pace times(double speedup) {
      return new Pace(speedup, 0, null);
    }

    /** As fast as the job follows, but for so many events. */
    public static Pace following(long maxAhead) {
      return new Pace(0, maxAhead, null);
    }

    /** Every event at its own time; the past at once. */
    public static Pace clock() {
      return new Pace(1, 0, System.currentTimeMillis());
    }
  }

  /** Told of every event before it is sent; may wait, and so hold the pump. */
  public interface Observer {
    void before(WorldEvent event) throws InterruptedException;
  }

  private static final long LOOK_MILLIS = 5;

  private final EventSource source;
  private final TagstreamConfig config;
  private final Pace pace;
  private final LongSupplier accepted;
  private final Observer observer;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<Topic, Encoder<?>> encoders = new EnumMap<>(Topic.class);
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  private final AtomicLong sent = new AtomicLong();

  private @Nullable WorldEvent held;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile long eventTimeMillis;

  /** An encoder for the records of one topic. */
  private static final class Encoder<T extends SpecificRecordBase> {
    private final Class<T> recordClass;
    private final SingleObjectCodec<T> codec;

    Encoder(Class<T> recordClass) {
      this.recordClass = recordClass;
      this.codec = new SingleObjectCodec<>(recordClass);
    }

    byte[] encode(SpecificRecordBase record) {
      return codec.encode(recordClass.cast(record));
    }
  }

  /**
   * A pump.
   *
   * @param accepted how many records the job has taken in so far
   */
  public EventPump(
      EventSource source,
      TagstreamConfig config,
      Pace pace,
      LongSupplier accepted,
      Observer observer) {
    this.source = source;
    this.config = config;
    this.pace = pace;
    this.accepted = accepted;
    this.observer = observer;
    this.eventTimeMillis = source.startMillis();
    Map<String, Object> client = config.kafka().clientProperties();
    client.put("enable.idempotence", "true");
    // One request at a time: on a topic made a moment ago the first batch may be refused and the
    // second taken, and then the first is out of sequence for ever.
    client.put("max.in.flight.requests.per.connection", "1");
    client.put("linger.ms", "2");
    client.put("batch.size", "65536");
    this.producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    Topic.inputs().forEach(topic -> encoders.put(topic, new Encoder<>(topic.recordClass())));
  }

  /** Sends what comes before the first event that is no user record, and waits for the broker. */
  public void sendReference() throws InterruptedException {
    while (source.hasNext()) {
      WorldEvent event = source.next();
      if (event.topic() != Topic.USERS && event.topic() != Topic.ITEMS) {
        held = event;
        break;
      }
      send(event);
    }
    awaitArrival();
  }

  /** Sends until the source ends or the pump is stopped. */
  public void run() throws InterruptedException {
    long startNanos = System.nanoTime();
    long startMillis = presentMillis();
    WorldEvent event = held == null ? next() : held;
    while (event != null
        && (pace.speedup() > 0
            ? awaitTurn(startNanos, (event.eventTimeMillis() - startMillis) / pace.speedup())
            : awaitJob())) {
      send(event);
      event = next();
    }
    awaitArrival();
  }

  private void awaitArrival() {
    producer.flush();
    requireNoFailure();
  }

  private void requireNoFailure() {
    Exception failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("an event could not be sent: " + failed.getMessage(), failed);
    }
  }

  private long presentMillis() {
    if (pace.presentMillis() != null) {
      return pace.presentMillis();
    }
    return held == null ? source.startMillis() : held.eventTimeMillis();
  }

  private @Nullable WorldEvent next() {
    return source.hasNext() ? source.next() : null;
  }

  /** Waits until an event is due; false when the pump was stopped before. */
  private boolean awaitTurn(long startNanos, double dueMillis) throws InterruptedException {
    long waitMillis = (long) (dueMillis - (System.nanoTime() - startNanos) / 1e6);
    return !stopped.await(waitMillis, TimeUnit.MILLISECONDS);
  }

  /** Waits until the job has followed; false when the pump was stopped before. */
  private boolean awaitJob() throws InterruptedException {
    // Asking the metrics has its price: every 1,024 events is often enough.
    while (sent.get() % 1024 == 0 && sent.get() - accepted.getAsLong() > pace.maxAhead()) {
      if (stopped.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return stopped.getCount() > 0;
  }

  private void send(WorldEvent event) throws InterruptedException {
    observer.before(event);
    requireNoFailure();
    Encoder<?> encoder = encoders.get(event.topic());
    if (encoder == null) {
      throw new IllegalStateException(event.topic() + " is no topic of events");
    }
    // The callback keeps a failure; the future would say the same once more.
    Future<RecordMetadata> unused =
        producer.send(
            new ProducerRecord<>(
                config.topics().name(event.topic()),
                event.key().getBytes(StandardCharsets.UTF_8),
                encoder.encode(event.record())),
            (metadata, exception) -> {
              if (exception != null) {
                failure.compareAndSet(null, exception);
              }
            });
    eventTimeMillis = Math.max(eventTimeMillis, event.eventTimeMillis());
    sent.incrementAndGet();
  }

  /** Ends {@link #run()} soon; an event whose turn has not come is not sent. */
  public void stop() {
    stopped.countDown();
  }

  /** Events sent so far. */
  public long sent() {
    return sent.get();
  }

  /** Largest event time sent so far, milliseconds since the epoch. */
  public long eventTimeMillis() {
    return eventTimeMillis;
  }

  /** Runs in a thread of its own; what goes wrong is handed over. */
  public Thread start(Consumer<Throwable> ended) {
    Thread thread =
        new Thread(
            () -> {
              try {
                run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                ended.accept(e);
              }
            },
            "event-pump");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public void close() {
    producer.close(java.time.Duration.ofSeconds(5));
    try {
      source.close();
    } catch (Exception e) {
      throw new IllegalStateException("the source of events cannot be closed", e);
    }
  }
}

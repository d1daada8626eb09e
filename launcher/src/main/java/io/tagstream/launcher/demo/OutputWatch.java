package io.tagstream.launcher.demo;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.profiles.PublishedProfile;
import io.tagstream.launcher.topics.TopicConsumers;
import io.tagstream.schemas.Cause;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserTagProfile;
import io.tagstream.schemas.codec.MalformedRecordException;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads what the job publishes, as any client would: profiles and the model's metrics.
 *
 * <p>Freshness of a profile is its append time less the append time of its newest cause: from the
 * event in Kafka to the profile in Kafka, both by the broker's clock.
 */
final class OutputWatch implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
  private static final long MAX_FRESHNESS_MILLIS = Duration.ofHours(1).toMillis();
  private static final int RECENT = 5;

  /**
   * Freshness over some time.
   *
   * @param profiles profiles with a cause
   * @param p50 median, milliseconds
   * @param p99 99th percentile, milliseconds
   */
  record Freshness(long profiles, long p50, long p99) {

    static Freshness of(Histogram histogram) {
      return new Freshness(
          histogram.getTotalCount(),
          histogram.getValueAtPercentile(50),
          histogram.getValueAtPercentile(99));
    }
  }

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String profileTopic;
  private final SingleObjectCodec<UserTagProfile> profiles =
      new SingleObjectCodec<>(UserTagProfile.class);
  private final SingleObjectCodec<ModelMetrics> metrics =
      new SingleObjectCodec<>(ModelMetrics.class);
  private final Thread thread = new Thread(this::run, "output-watch");

  // Below: written by the reading thread, read by reports; guarded by this.
  private final Map<String, PublishedProfile> newest = new HashMap<>();
  private final Deque<PublishedProfile> recent = new ArrayDeque<>();
  private final Histogram total = new Histogram(MAX_FRESHNESS_MILLIS, 3);
  private final Histogram interval = new Histogram(MAX_FRESHNESS_MILLIS, 3);
  private final Map<String, ModelMetrics> newestMetrics = new LinkedHashMap<>();
  private long count;
  private long unreadable;

  OutputWatch(TagstreamConfig config) {
    profileTopic = config.topics().name(Topic.USER_TAG_PROFILES);
    consumer = TopicConsumers.of(config, Topic.USER_TAG_PROFILES, Topic.MODEL_METRICS);
    consumer.seekToBeginning(consumer.assignment());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          take(record);
        }
      }
    } catch (WakeupException e) {
      // Closed.
    } finally {
      consumer.close();
    }
  }

  private synchronized void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (record.topic().equals(profileTopic)) {
        UserTagProfile profile = record.value() == null ? null : profiles.decode(record.value());
        take(
            new PublishedProfile(
                new String(record.key(), StandardCharsets.UTF_8), record.timestamp(), profile));
      } else {
        ModelMetrics said = metrics.decode(record.value());
        newestMetrics.put(said.getModel(), said);
      }
    } catch (MalformedRecordException e) {
      unreadable++;
    }
  }

  private void take(PublishedProfile published) {
    count++;
    UserTagProfile profile = published.profile();
    if (profile == null) {
      newest.remove(published.userId());
      return;
    }
    newest.put(published.userId(), published);
    recent.addLast(published);
    if (recent.size() > RECENT) {
      recent.removeFirst();
    }
    OptionalLong cause = profile.getCauses().stream().mapToLong(Cause::getAppendTimeMillis).max();
    if (cause.isPresent()) {
      long millis =
          Math.min(
              Math.max(0, published.appendTimeMillis() - cause.getAsLong()), MAX_FRESHNESS_MILLIS);
      total.recordValue(millis);
      interval.recordValue(millis);
    }
  }

  /** Profiles and tombstones read so far. */
  synchronized long count() {
    return count;
  }

  /** Records that were not what their topic promises. */
  synchronized long unreadable() {
    return unreadable;
  }

  /** Freshness since the beginning. */
  synchronized Freshness freshness() {
    return Freshness.of(total);
  }

  /** Freshness since the last call. */
  synchronized Freshness recentFreshness() {
    Freshness freshness = Freshness.of(interval);
    interval.reset();
    return freshness;
  }

  /** The newest metrics of each model that has any, the champion's first. */
  synchronized List<ModelMetrics> metrics() {
    return newestMetrics.values().stream()
        .sorted(Comparator.comparing(said -> said.getChampion() ? 0 : 1))
        .toList();
  }

  /** The last few profiles, oldest first. */
  synchronized List<PublishedProfile> recent() {
    return List.copyOf(recent);
  }

  /** Every user's newest profile. */
  synchronized Map<String, PublishedProfile> newest() {
    return Map.copyOf(newest);
  }

  /** Ends reading. */
  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join(CLOSE_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

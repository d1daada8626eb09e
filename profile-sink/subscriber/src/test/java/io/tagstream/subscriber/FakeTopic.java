package io.tagstream.subscriber;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** A topic in memory, of which records can be compacted away. */
final class FakeTopic implements TopicSource {

  static final long KEPT_MILLIS = 1_000;

  final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
  final Map<Integer, OffsetRange> partitions = new HashMap<>(Map.of(0, new OffsetRange(0, 0)));
  Uuid id = new Uuid(1, 2);
  long nowMillis = 100;
  RuntimeException failure;
  boolean closed;

  TopicConnection connection() {
    return new TopicConnection(consumer, this);
  }

  /** Where partition 0 begins and ends. */
  void range(long begin, long end) {
    range(0, begin, end);
  }

  void range(int partition, long begin, long end) {
    partitions.put(partition, new OffsetRange(begin, end));
    TopicPartition which = new TopicPartition(Profiles.TOPIC, partition);
    consumer.updateBeginningOffsets(Map.of(which, begin));
    consumer.updateEndOffsets(Map.of(which, end));
  }

  /** Hands these out with the next polls. */
  @SafeVarargs
  final void serve(ConsumerRecord<byte[], byte[]>... records) {
    consumer.schedulePollTask(
        () -> {
          for (ConsumerRecord<byte[], byte[]> record : records) {
            consumer.addRecord(record);
          }
        });
  }

  @Override
  public CompletableFuture<TopicView> look() {
    return failure == null
        ? CompletableFuture.completedFuture(new TopicView(id, nowMillis, partitions))
        : CompletableFuture.failedFuture(failure);
  }

  @Override
  public CompletableFuture<Long> tombstonesKeptMillis() {
    return CompletableFuture.completedFuture(KEPT_MILLIS);
  }

  @Override
  public void close() {
    closed = true;
  }
}

package io.tagstream.subscriber;

import java.util.concurrent.CompletableFuture;

/** Answers about the topic itself, beside its records. */
interface TopicSource extends AutoCloseable {

  /** The topic as it is now; fails with Kafka's own exceptions. */
  CompletableFuture<TopicView> look();

  /** How long the topic keeps a tombstone, milliseconds: {@code delete.retention.ms}. */
  CompletableFuture<Long> tombstonesKeptMillis();

  @Override
  void close();
}

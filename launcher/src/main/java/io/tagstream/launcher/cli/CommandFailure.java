package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.subscriber.SubscriberException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** A command that could not do its work, with what to tell the person; exit code 1. */
final class CommandFailure extends Exception {

  CommandFailure(String message) {
    super(message);
  }

  CommandFailure(@Nullable String message, Throwable cause) {
    super(message, cause);
  }

  /** Profiles could not be subscribed to. */
  static CommandFailure ofSubscriber(TagstreamConfig config, SubscriberException failure) {
    // A missing topic is told by name; Kafka's own message has none.
    return failure.getCause() instanceof KafkaException kafka
            && !(kafka instanceof UnknownTopicOrPartitionException)
        ? ofKafka(config, kafka)
        : new CommandFailure(failure.getMessage(), failure);
  }

  /** Kafka could not be read or written. */
  static CommandFailure ofKafka(TagstreamConfig config, KafkaException failure) {
    return new CommandFailure(
        "kafka.bootstrap-servers: "
            + config.kafka().bootstrapServers()
            + " - "
            + failure.getMessage()
            + "; `tagstream doctor` and `tagstream topics check` say more",
        failure);
  }
}

package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.TagstreamConfig;
import org.apache.kafka.common.KafkaException;

/** A command that could not do its work, with what to tell the person; exit code 1. */
final class CommandFailure extends Exception {

  CommandFailure(String message) {
    super(message);
  }

  CommandFailure(String message, Throwable cause) {
    super(message, cause);
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

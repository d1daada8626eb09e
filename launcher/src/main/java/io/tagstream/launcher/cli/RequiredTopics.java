package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.JobShape;
import io.tagstream.launcher.topics.KafkaTopics;
import io.tagstream.launcher.topics.TopicReport;
import io.tagstream.launcher.topics.TopicSpec;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/** The topics without which a command does not start. */
final class RequiredTopics {

  private RequiredTopics() {}

  /**
   * Asks Kafka for those of a job's stages, but not for that of promotions which nobody would obey.
   *
   * @throws CommandFailure when some are missing; the message names them
   * @throws IOException when Kafka does not answer
   */
  static void check(TagstreamConfig config, JobShape shape)
      throws IOException, InterruptedException, CommandFailure {
    check(
        config,
        shape.topics().stream()
            .filter(topic -> !config.challengers().isEmpty() || topic != Topic.MODEL_PROMOTIONS)
            .toList());
  }

  /**
   * Asks Kafka for some topics.
   *
   * @throws CommandFailure when some are missing; the message names them
   * @throws IOException when Kafka does not answer
   */
  static void check(TagstreamConfig config, Collection<Topic> topics)
      throws IOException, InterruptedException, CommandFailure {
    List<String> used = topics.stream().map(config.topics()::name).toList();
    try (Admin admin = Admin.create(config.kafka().interactiveProperties())) {
      List<String> missing =
          new KafkaTopics(admin)
              .check(TopicSpec.wanted(config.topics())).stream()
                  .filter(report -> report.status() == TopicReport.Status.MISSING)
                  .map(TopicReport::name)
                  .filter(used::contains)
                  .toList();
      if (!missing.isEmpty()) {
        throw new CommandFailure(
            "topics " + missing + " are missing; `tagstream topics create` makes them");
      }
    }
  }
}

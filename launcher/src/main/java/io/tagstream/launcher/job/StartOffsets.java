package io.tagstream.launcher.job;

import io.tagstream.launcher.config.KafkaOptions.StartingOffsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the main phase begins to read: reference topics (items, users) where their own phase ended,
 * all others as configured.
 */
final class StartOffsets implements OffsetsInitializer {

  private final Map<TopicPartition, Long> reference;
  private final StartingOffsets others;

  /**
   * Start offsets.
   *
   * @param reference the offsets at which the reading of reference topics ended
   * @param others where everything else begins
   */
  StartOffsets(Map<TopicPartition, Long> reference, StartingOffsets others) {
    this.reference = new HashMap<>(reference);
    this.others = others;
  }

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
    List<TopicPartition> rest =
        partitions.stream().filter(partition -> !reference.containsKey(partition)).toList();
    OffsetsInitializer initializer =
        switch (others) {
          case EARLIEST -> OffsetsInitializer.earliest();
          case LATEST -> OffsetsInitializer.latest();
          case GROUP -> OffsetsInitializer.committedOffsets(getAutoOffsetResetStrategy());
        };
    Map<TopicPartition, Long> offsets =
        new HashMap<>(initializer.getPartitionOffsets(rest, retriever));
    partitions.forEach(
        partition -> {
          Long end = reference.get(partition);
          if (end != null) {
            offsets.put(partition, end);
          }
        });
    return offsets;
  }

  @Override
  @SuppressWarnings("deprecation") // the interface of the connector names it
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return OffsetResetStrategy.EARLIEST;
  }
}

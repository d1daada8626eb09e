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
 * Where a source begins to read: partitions with a known offset there, all others as configured.
 */
final class StartOffsets implements OffsetsInitializer {

  private final Map<TopicPartition, Long> known;
  private final StartingOffsets others;

  /**
   * Start offsets.
   *
   * @param known offsets that are to be met exactly
   * @param others where everything else begins
   */
  StartOffsets(Map<TopicPartition, Long> known, StartingOffsets others) {
    this.known = new HashMap<>(known);
    this.others = others;
  }

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
    List<TopicPartition> rest =
        partitions.stream().filter(partition -> !known.containsKey(partition)).toList();
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
          Long offset = known.get(partition);
          if (offset != null) {
            offsets.put(partition, offset);
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

package io.tagstream.launcher.job;

import io.tagstream.schemas.InputRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;

/**
 * A bounded Kafka source that ends after a restore too. Flink's own tells its readers that no
 * partition will follow only when it finds partitions other than those of the checkpoint, and so a
 * job that was restored while it read such a source waits for ever (FLINK-31006). Here a partition
 * that no topic has is among those of the checkpoint, which is change enough.
 */
final class BoundedKafkaSource
    extends ForwardingSource<InputRecord, KafkaPartitionSplit, KafkaSourceEnumState> {

  /** Of no topic: Kafka allows no such name. */
  static final TopicPartition NOWHERE = new TopicPartition("/", 0);

  BoundedKafkaSource(KafkaSource<InputRecord> source) {
    super(source);
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restoreEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaSourceEnumState checkpoint)
      throws Exception {
    List<KafkaPartitionSplit> assigned = new ArrayList<>(checkpoint.assignedSplits());
    assigned.removeIf(split -> split.getTopicPartition().equals(NOWHERE));
    assigned.add(new KafkaPartitionSplit(NOWHERE, 0));
    return super.restoreEnumerator(
        context,
        new KafkaSourceEnumState(
            assigned, checkpoint.unassignedSplits(), checkpoint.initialDiscoveryFinished()));
  }
}

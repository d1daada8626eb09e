package io.tagstream.launcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.config.KafkaOptions.StartingOffsets;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StartOffsetsTest {

  private static final TopicPartition USERS = new TopicPartition("users", 0);
  private static final TopicPartition CLICKS = new TopicPartition("clicks", 0);

  @Test
  void referenceTopicsGoOnWhereTheirOwnPhaseEndedAndOthersBeginAsConfigured() {
    StartOffsets offsets = new StartOffsets(Map.of(USERS, 17L), StartingOffsets.EARLIEST);
    // Earliest needs no broker: the retriever may stay away.
    assertThat(offsets.getPartitionOffsets(List.of(USERS, CLICKS), null))
        .containsOnly(
            Map.entry(USERS, 17L), Map.entry(CLICKS, KafkaPartitionSplit.EARLIEST_OFFSET));
  }
}

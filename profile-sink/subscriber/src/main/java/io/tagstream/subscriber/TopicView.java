package io.tagstream.subscriber;

import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * The topic as the broker showed it.
 *
 * @param topicId the topic's own id: another topic of the same name has another one
 * @param atMillis wall clock before it was asked, milliseconds since the epoch: what was appended
 *     until then lies within the partitions
 * @param partitions every partition's range
 */
record TopicView(Uuid topicId, long atMillis, Map<Integer, OffsetRange> partitions) {

  TopicView {
    partitions = Map.copyOf(partitions);
  }
}

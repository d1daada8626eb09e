package io.tagstream.launcher.job;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.replay.LogRange;
import io.tagstream.launcher.replay.LogRange.Offsets;
import io.tagstream.launcher.replay.LogRange.Partition;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * What a bounded replay reads of the topics, in offsets: what they hold now, of events only what is
 * in a range.
 *
 * @param starts first offset to read, of every partition of every input topic
 * @param ends behind the last offset to read
 */
public record TopicRange(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {

  public TopicRange {
    starts = Map.copyOf(starts);
    ends = Map.copyOf(ends);
  }

  /**
   * Asks the broker.
   *
   * @throws IOException when a topic or a partition is missing, or the topic does not hold the
   *     range's offsets; the message names it
   */
  public static TopicRange of(LogRange range, TagstreamConfig config)
      throws IOException, InterruptedException {
    List<Topic> inputs = Topic.inputs();
    List<Topic> events = inputs.stream().filter(Topic::event).toList();
    Map<TopicPartition, Long> starts = TopicOffsets.of(config, inputs, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = TopicOffsets.of(config, inputs, OffsetSpec.latest());
    Set<Partition> missing = new HashSet<>(range.offsets().keySet());
    for (Map.Entry<Partition, Offsets> each : range.offsets().entrySet()) {
      Partition partition = each.getKey();
      TopicPartition place =
          new TopicPartition(config.topics().name(partition.topic()), partition.number());
      Long start = starts.get(place);
      Long end = ends.get(place);
      if (start != null && end != null) {
        Offsets offsets = each.getValue();
        offsets.requireWithin(partition, "the topic", start, end);
        starts.merge(place, offsets.from(), Math::max);
        ends.merge(place, offsets.to(), Math::min);
        missing.remove(partition);
      }
    }
    if (!missing.isEmpty()) {
      throw new IOException(missing.iterator().next() + ": is no partition of the topic");
    }
    if (range.begins()) {
      Map<TopicPartition, Long> since =
          TopicOffsets.of(config, events, OffsetSpec.forTimestamp(range.sinceMillis()));
      since.forEach(
          (place, offset) ->
              starts.merge(place, offset < 0 ? ends.getOrDefault(place, 0L) : offset, Math::max));
    }
    if (range.ends()) {
      Map<TopicPartition, Long> until =
          TopicOffsets.of(config, events, OffsetSpec.forTimestamp(range.untilMillis()));
      until.forEach(
          (place, offset) -> ends.merge(place, offset < 0 ? Long.MAX_VALUE : offset, Math::min));
    }
    // Where nothing is left, the end is before the start.
    Map<TopicPartition, Long> clipped = new HashMap<>(starts);
    clipped.replaceAll((place, start) -> Math.min(start, ends.getOrDefault(place, start)));
    return new TopicRange(clipped, ends);
  }

  /** How many offsets there are to read; compacted topics hold fewer records. */
  public long offsets() {
    return starts.entrySet().stream()
        .mapToLong(start -> ends.getOrDefault(start.getKey(), 0L) - start.getValue())
        .sum();
  }
}

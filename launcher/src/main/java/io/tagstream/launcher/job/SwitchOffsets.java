package io.tagstream.launcher.job;

import io.tagstream.launcher.archive.ArchiveManifest;
import io.tagstream.launcher.archive.ArchiveManifest.Partition;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * The offsets at which one phase of reading ends and the next begins.
 *
 * @param archiveEnds where the archive ends, of every partition of every input topic; empty when
 *     there is none
 * @param referenceEnds where the topics of items and users ended at the job's start: they are read
 *     up to there before any event flows
 */
public record SwitchOffsets(
    Map<TopicPartition, Long> archiveEnds, Map<TopicPartition, Long> referenceEnds) {

  private static final List<Topic> REFERENCE = List.of(Topic.ITEMS, Topic.USERS);

  public SwitchOffsets {
    archiveEnds = Map.copyOf(archiveEnds);
    referenceEnds = Map.copyOf(referenceEnds);
  }

  /**
   * Of a job that reads topics only; asks the broker.
   *
   * @throws IOException when a topic is missing or the broker does not answer
   */
  public static SwitchOffsets live(TagstreamConfig config)
      throws IOException, InterruptedException {
    return new SwitchOffsets(Map.of(), TopicOffsets.of(config, REFERENCE, OffsetSpec.latest()));
  }

  /**
   * Of a job that reads an archive and then goes on where it ends; asks the broker.
   *
   * @throws IOException when a partition is not in the archive, or the topic does not hold what
   *     comes behind the archive; the message names the partition
   */
  public static SwitchOffsets behind(ArchiveManifest archive, TagstreamConfig config)
      throws IOException, InterruptedException {
    List<Topic> inputs = Topic.inputs();
    Map<TopicPartition, Long> begins = TopicOffsets.of(config, inputs, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = TopicOffsets.of(config, inputs, OffsetSpec.latest());
    Map<TopicPartition, Long> archiveEnds = new HashMap<>();
    List<String> problems = new ArrayList<>();
    for (Topic topic : inputs) {
      for (Partition partition : archive.of(topic)) {
        TopicPartition place =
            new TopicPartition(config.topics().name(topic), partition.partition());
        long archiveEnd = partition.endOffset();
        if (!ends.containsKey(place)) {
          problems.add(place + ": is in the archive, and not in Kafka");
        } else if (archiveEnd < begins.getOrDefault(place, 0L) || archiveEnd > ends.get(place)) {
          problems.add(
              "%s: the archive ends at offset %d, and the topic holds %d to %d"
                  .formatted(place, archiveEnd, begins.get(place), ends.get(place)));
        }
        archiveEnds.put(place, archiveEnd);
      }
    }
    ends.keySet().stream()
        .filter(place -> !archiveEnds.containsKey(place))
        .forEach(place -> problems.add(place + ": is not in the archive"));
    if (!problems.isEmpty()) {
      throw new IOException(
          "the topics do not go on where the archive ends: " + String.join("; ", problems));
    }
    Map<TopicPartition, Long> referenceEnds = new HashMap<>(ends);
    List<String> reference = referenceTopics(config);
    referenceEnds.keySet().removeIf(place -> !reference.contains(place.topic()));
    return new SwitchOffsets(archiveEnds, referenceEnds);
  }

  /** Names of the topics of items and users in a deployment. */
  static List<String> referenceTopics(TagstreamConfig config) {
    return TopicOffsets.names(config, REFERENCE);
  }

  /** Where items, users and deletions are read on, once the reference topics are read. */
  Map<TopicPartition, Long> updateStarts() {
    Map<TopicPartition, Long> starts = new HashMap<>(archiveEnds);
    starts.putAll(referenceEnds);
    return starts;
  }
}

package io.tagstream.launcher.archive;

import io.tagstream.launcher.archive.ArchiveManifest.Partition;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Copies what the input topics hold into an archive, from where the archive ends to where the
 * topics end now. Whatever ends it early, the next one goes on: a file counts once the manifest
 * names it.
 */
public final class LogExport implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final Path folder;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, PartitionExport> partitions = new LinkedHashMap<>();

  /**
   * An export; asks the broker what there is.
   *
   * @param slice length of append time that one file holds
   * @throws IOException when the folder's archive cannot be read or does not fit the topics
   * @throws KafkaException when Kafka does not answer, or a topic is missing
   */
  public LogExport(TagstreamConfig config, Path folder, Duration slice) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    Map<String, Object> properties = config.kafka().interactiveProperties();
    // Producers of the input may be transactional: what was rolled back never happened.
    properties.put("isolation.level", "read_committed");
    properties.put("allow.auto.create.topics", "false");
    this.consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      plan(config, ArchiveManifest.readOrEmpty(folder), slice.toMillis());
    } catch (IOException | RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  private void plan(TagstreamConfig config, ArchiveManifest archive, long sliceMillis)
      throws IOException {
    Map<TopicPartition, Topic> all = new LinkedHashMap<>();
    for (Topic topic : Topic.inputs()) {
      String name = config.topics().name(topic);
      List<PartitionInfo> infos = consumer.partitionsFor(name);
      if (infos.isEmpty()) {
        throw new KafkaException("there is no topic " + name);
      }
      infos.forEach(info -> all.put(new TopicPartition(name, info.partition()), topic));
    }
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(all.keySet());
    Map<TopicPartition, Long> ends = consumer.endOffsets(all.keySet());
    consumer.assign(all.keySet());
    for (Map.Entry<TopicPartition, Topic> each : all.entrySet()) {
      TopicPartition place = each.getKey();
      long begin = begins.getOrDefault(place, 0L);
      long end = ends.getOrDefault(place, 0L);
      Partition known =
          archive
              .partition(each.getValue(), place.partition())
              .orElse(
                  new Partition(
                      each.getValue().defaultName(), place.partition(), begin, begin, List.of()));
      if (known.endOffset() < begin || known.endOffset() > end) {
        throw new IOException(
            "%s - the archive ends at offset %d of %s, which holds %d to %d; begin another archive"
                .formatted(folder, known.endOffset(), place, begin, end));
      }
      partitions.put(place, new PartitionExport(folder, sliceMillis, known, end));
      consumer.seek(place, known.endOffset());
    }
  }

  /** How many offsets there are to copy; compacted topics hold fewer records. */
  public long offsets() {
    return partitions.values().stream().mapToLong(PartitionExport::offsets).sum();
  }

  /**
   * Copies.
   *
   * @param stopped asked now and then; when true, what is copied is kept and the rest left
   * @param progress told how many offsets are done
   * @return what the archive holds now
   * @throws IOException when a file cannot be written
   */
  public ArchiveManifest run(BooleanSupplier stopped, LongConsumer progress) throws IOException {
    long done = done();
    while (done < offsets() && !stopped.getAsBoolean()) {
      boolean finished = false;
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        PartitionExport partition =
            partitions.get(new TopicPartition(record.topic(), record.partition()));
        finished |= partition != null && partition.write(record);
      }
      if (finished) {
        manifest().write(folder);
      }
      done = done();
      progress.accept(done);
    }
    for (PartitionExport partition : partitions.values()) {
      partition.finishFile();
      if (done == offsets()) {
        partition.complete();
      }
    }
    manifest().write(folder);
    return manifest();
  }

  private long done() {
    long done = 0;
    for (Map.Entry<TopicPartition, PartitionExport> each : partitions.entrySet()) {
      done += each.getValue().offsetsDone(consumer.position(each.getKey()));
    }
    return done;
  }

  private ArchiveManifest manifest() {
    return new ArchiveManifest(
        ArchiveManifest.VERSION,
        partitions.values().stream().map(PartitionExport::partition).toList());
  }

  @Override
  public void close() throws IOException {
    consumer.close();
    for (PartitionExport partition : partitions.values()) {
      partition.close();
    }
  }
}

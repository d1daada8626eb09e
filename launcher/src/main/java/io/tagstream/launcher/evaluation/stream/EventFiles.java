package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.replay.ReplayPlan;
import io.tagstream.launcher.world.EventSource;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;

/** A source's events as files, one per topic, for a replay. */
final class EventFiles {

  private EventFiles() {}

  /**
   * Writes all events.
   *
   * @param folder an empty one
   * @param observer sees every event, in order
   */
  static ReplayPlan write(EventSource source, Path folder, Consumer<WorldEvent> observer)
      throws IOException {
    Map<Topic, DataFileWriter<SpecificRecordBase>> writers = new EnumMap<>(Topic.class);
    Map<Topic, List<Path>> files = new EnumMap<>(Topic.class);
    try {
      while (source.hasNext()) {
        WorldEvent event = source.next();
        observer.accept(event);
        DataFileWriter<SpecificRecordBase> writer = writers.get(event.topic());
        if (writer == null) {
          Path file = folder.resolve(event.topic().defaultName() + ".avro");
          writer = new DataFileWriter<>(new SpecificDatumWriter<>());
          writer.create(event.record().getSchema(), file.toFile());
          writers.put(event.topic(), writer);
          files.put(event.topic(), List.of(file));
        }
        writer.append(event.record());
      }
    } finally {
      for (DataFileWriter<SpecificRecordBase> writer : writers.values()) {
        writer.close();
      }
    }
    return ReplayPlan.ofFiles(files);
  }
}

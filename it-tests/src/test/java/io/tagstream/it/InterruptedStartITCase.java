package io.tagstream.it;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.EventSources;
import io.tagstream.launcher.job.SwitchOffsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job stopped while it reads the items and users of its start goes on to the events. Only the
 * sources run here: with the rest of the job, all tasks run only after that reading is over.
 */
class InterruptedStartITCase {

  // Flink runs in this JVM; the function that counts travels as bytes.
  private static final AtomicLong READ = new AtomicLong();

  @TempDir private static Path folder;

  @Test
  void goesOnToTheEvents() throws Exception {
    World world = World.of(23, 20, 300);
    try (EventTopics topics = EventTopics.start(folder)) {
      topics.send(world.users());
      topics.send(world.events());
      topics.flush();
      TagstreamConfig config = topics.config();
      RunningJob.Pipeline sources =
          environment ->
              new EventSources(environment, config)
                  .live(SwitchOffsets.live(config))
                  .filter(record -> READ.incrementAndGet() < 0)
                  .sinkTo(new DiscardingSink<>());
      String savepoint;
      try (RunningJob job =
          RunningJob.start(config, folder.resolve("first"), new Configuration(), sources)) {
        savepoint = job.suspend();
      }
      try (RunningJob job =
          RunningJob.start(config, folder.resolve("second"), RunningJob.from(savepoint), sources)) {
        job.await("all records", () -> READ.get() >= world.size());
      }
    }
  }
}

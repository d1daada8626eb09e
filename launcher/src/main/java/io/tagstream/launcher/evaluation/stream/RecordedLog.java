package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.world.EventSource;
import io.tagstream.launcher.world.SourceFields;
import io.tagstream.launcher.world.WorldEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** A log whose features are made once, for all trials to learn from. */
final class RecordedLog {

  private final SourceFields fields;
  private final EventSource source;
  private LearnerInputs inputs = new LearnerInputs();

  /** A log of a source that ends. */
  RecordedLog(EventSource source) {
    this.source = source;
    this.fields = source.fields();
  }

  /** Settings of the job that makes the features, as YAML. */
  String settings() {
    return fields.settings()
        + """
        # Score requests tell what has come so far: one order of arrival.
        pipeline.parallelism: 1
        watermarks.alignment-drift: 0 s
        """;
  }

  /**
   * Makes the features.
   *
   * @param observer sees every event, in order
   * @throws IOException when they cannot be made, or there are none to learn from
   */
  void prepare(TagstreamConfig config, Path scratch, Consumer<WorldEvent> observer)
      throws IOException, InterruptedException {
    inputs = FeatureRun.of(EventFiles.write(source, scratch, observer), config, scratch);
    if (inputs.samples() == 0) {
      throw new IOException("data: the log gave no training samples - it needs impressions");
    }
  }

  LearnerInputs inputs() {
    return inputs;
  }

  /** For reports. */
  Map<String, Object> data() {
    return Map.of("user attributes", fields.userAttributes().size());
  }
}

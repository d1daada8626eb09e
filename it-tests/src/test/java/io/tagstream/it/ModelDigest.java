package io.tagstream.it;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.learner.snapshot.SnapshotManifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What a model has become, from its snapshots. */
final class ModelDigest {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private ModelDigest() {}

  /**
   * Digest of a model after so many steps; it is written beside the job, so it may take a moment.
   */
  static String of(TagstreamConfig config, String model, long steps) throws Exception {
    Path snapshot = Path.of(config.snapshots().directory(), model + "-" + steps);
    Eventually.await(
        "the model snapshot " + snapshot,
        LIMIT,
        () -> Files.exists(snapshot.resolve(SnapshotManifest.FILE)));
    return SnapshotManifest.read(snapshot).digest();
  }
}

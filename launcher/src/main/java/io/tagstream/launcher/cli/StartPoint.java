package io.tagstream.launcher.cli;

import io.tagstream.launcher.job.LatestCheckpoint;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a job starts: anew, or from what another one left. */
final class StartPoint {

  private static final String LATEST = "latest";

  @Option(
      names = "--restore",
      paramLabel = "URI|latest",
      description =
          "Savepoint or checkpoint to go on from. latest is the newest one in checkpoints.directory,"
              + " which must be this job's alone; where there is none, the job starts anew.")
  private @Nullable String restore;

  @Option(
      names = "--allow-non-restored-state",
      description =
          "With --restore: goes on though the savepoint holds state that this job has no use for, of"
              + " a model that is not configured any more; it is dropped.")
  private boolean allowNonRestoredState;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  StartPoint() {}

  /**
   * The settings that make a job start there.
   *
   * @param flink what the job is told, where checkpoints lie included
   * @param listener told where that is, where it was asked for
   * @throws CommandFailure when the newest checkpoint is wanted, and nothing says where they lie
   * @throws IOException when the folder of checkpoints cannot be read
   */
  Configuration settings(ReadableConfig flink, Consumer<String> listener)
      throws CommandFailure, IOException {
    Configuration settings = new Configuration();
    String start = LATEST.equals(restore) ? latest(flink, listener) : restore;
    if (start != null) {
      listener.accept("going on from " + start);
      settings.set(StateRecoveryOptions.SAVEPOINT_PATH, start);
      settings.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, allowNonRestoredState);
      if (LATEST.equals(restore) && LatestCheckpoint.isCheckpoint(start)) {
        // A checkpoint of a run before is this one's to remove when there are newer ones.
        settings.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
      }
    }
    return settings;
  }

  private static @Nullable String latest(ReadableConfig flink, Consumer<String> listener)
      throws CommandFailure, IOException {
    String directory = flink.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
    if (directory == null) {
      throw new CommandFailure(
          "--restore: latest - needs checkpoints.directory, or the cluster's "
              + CheckpointingOptions.CHECKPOINTS_DIRECTORY.key());
    }
    Optional<String> newest = LatestCheckpoint.in(directory);
    if (newest.isEmpty()) {
      listener.accept(directory + " holds no checkpoint; the job starts anew");
    }
    return newest.orElse(null);
  }
}

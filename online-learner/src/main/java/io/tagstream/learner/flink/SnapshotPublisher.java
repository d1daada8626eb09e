package io.tagstream.learner.flink;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.assembly.BatchLearner;
import io.tagstream.learner.snapshot.ModelTensors;
import io.tagstream.learner.snapshot.SnapshotConfig;
import io.tagstream.learner.snapshot.SnapshotManifest;
import io.tagstream.learner.snapshot.SnapshotWriter;
import io.tagstream.learner.snapshot.Tensor;
import io.tagstream.learner.training.Trainer;
import io.tagstream.learner.training.TrainerCapture;
import io.tagstream.schemas.ModelSnapshot;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes model snapshots beside the stream, and says which may be announced: those that are on disk
 * and whose checkpoint has completed. One that a checkpoint never completes is not announced; its
 * folder is removed.
 */
final class SnapshotPublisher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotPublisher.class);

  private final LearnerConfig config;
  private final SnapshotConfig snapshots;
  private final ExecutorService executor;
  private final TreeMap<Long, CompletableFuture<ModelSnapshot>> writing = new TreeMap<>();
  private long completedCheckpoint = -1;

  SnapshotPublisher(LearnerConfig config, SnapshotConfig snapshots) {
    this.config = config;
    this.snapshots = snapshots;
    this.executor =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "model-snapshots");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Whether a snapshot is due at this wall clock, and none is being written. */
  boolean isDue(long nowMillis, long lastMillis) {
    return snapshots.enabled()
        && writing.isEmpty()
        && nowMillis - lastMillis >= snapshots.interval().toMillis();
  }

  /** Starts writing what was captured for a checkpoint. */
  void write(long checkpointId, BatchLearner learner, TrainerCapture capture, long eventTimeMillis)
      throws IOException {
    long step = learner.trainer().step();
    String model = config.name();
    List<Tensor> tensors =
        ModelTensors.of(
            learner.trainer().parameters(),
            learner.trainer().copiedParameters(),
            capture.pages(),
            List.copyOf(learner.trainer().vocabulary().names()));
    writing.put(
        checkpointId,
        CompletableFuture.supplyAsync(
            () -> {
              String digest = Trainer.digest(capture);
              SnapshotManifest manifest =
                  new SnapshotManifest(model, step, eventTimeMillis, config.outputs(), digest, "");
              String version = model + "-" + step;
              try {
                Path folder =
                    new SnapshotWriter(Path.of(snapshots.directory()))
                        .write(version, manifest, tensors);
                return new ModelSnapshot(
                    model, version, step, eventTimeMillis, folder.toUri().toString(), digest);
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            },
            executor));
  }

  /** A checkpoint has completed, and with it all before it. */
  void completed(long checkpointId) {
    completedCheckpoint = Math.max(completedCheckpoint, checkpointId);
  }

  /** A checkpoint will never complete. */
  void aborted(long checkpointId) {
    CompletableFuture<ModelSnapshot> snapshot = writing.remove(checkpointId);
    if (snapshot != null) {
      // Behind its write and before the next one, which may be of the same step and folder.
      executor.execute(() -> remove(written(checkpointId, snapshot)));
    }
  }

  private static void remove(@Nullable ModelSnapshot snapshot) {
    if (snapshot == null) {
      return;
    }
    try {
      SnapshotWriter.delete(Path.of(URI.create(snapshot.getUri())));
    } catch (IOException e) {
      LOG.warn("Snapshot {} stays, though its checkpoint was aborted", snapshot.getUri(), e);
    }
  }

  /** Whether a completed checkpoint's snapshot is still being written. */
  boolean isWaiting() {
    return !writing.isEmpty() && writing.firstKey() <= completedCheckpoint;
  }

  /**
   * What may be announced now. A snapshot that could not be written is logged and given up: the
   * model is safe in the checkpoint, and the stream goes on.
   */
  List<ModelSnapshot> announceable() {
    List<ModelSnapshot> due = new ArrayList<>();
    var entries = writing.headMap(completedCheckpoint, true).entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<Long, CompletableFuture<ModelSnapshot>> entry = entries.next();
      if (entry.getValue().isDone()) {
        entries.remove();
        ModelSnapshot snapshot = written(entry.getKey(), entry.getValue());
        if (snapshot != null) {
          due.add(snapshot);
        }
      }
    }
    return due;
  }

  private @Nullable ModelSnapshot written(
      long checkpointId, CompletableFuture<ModelSnapshot> done) {
    try {
      return done.join();
    } catch (CompletionException e) {
      LOG.error(
          "snapshots.directory: {} - the snapshot of checkpoint {} could not be written; is the"
              + " folder writable, the disk full?",
          snapshots.directory(),
          checkpointId,
          e.getCause());
      return null;
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}

package io.tagstream.launcher.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.MemorySize;

/** Sections {@code state} and {@code checkpoints}: where state lives and how it is kept. */
public final class StateOptions {

  /** Where keyed state lives. */
  public enum Backend {
    /** On local disk: as large as the disk. */
    ROCKSDB,
    /** On the heap: fastest, as large as the memory. */
    HASHMAP
  }

  static final Setting<Backend> BACKEND =
      Setting.choice(
          "state.backend",
          Backend.class,
          Backend.ROCKSDB,
          "Where keyed state lives: on local disk, or on the heap.");
  static final Setting<MemorySize> MANAGED_MEMORY =
      Setting.memory(
          "state.managed-memory",
          MemorySize.ofMebiBytes(256),
          "Memory of RocksDB's caches and write buffers, for the whole process.");
  static final Setting<Boolean> INCREMENTAL =
      Setting.flag(
          "state.incremental",
          true,
          "Whether a checkpoint of RocksDB state writes only files that are new.");
  static final Setting<Duration> CHECKPOINT_INTERVAL =
      Setting.duration(
          "checkpoints.interval",
          Duration.ofSeconds(10),
          "Time between checkpoints.",
          Rule.positiveDuration());
  static final Setting<Duration> CHECKPOINT_TIMEOUT =
      Setting.duration(
          "checkpoints.timeout",
          Duration.ofMinutes(10),
          "After how long an unfinished checkpoint is given up.",
          Rule.positiveDuration());
  static final Setting<String> CHECKPOINT_DIRECTORY =
      Setting.text(
          "checkpoints.directory",
          "",
          "URI of the folder of checkpoints; empty for a folder of the run, which is gone when it"
              + " ends.");
  static final Setting<Integer> RETAINED =
      Setting.integer(
          "checkpoints.retained", 2, "Completed checkpoints that are kept.", Rule.atLeast(1));

  private StateOptions() {}

  static List<Setting<?>> all() {
    return List.of(BACKEND, MANAGED_MEMORY, INCREMENTAL);
  }

  static List<Setting<?>> checkpoints() {
    return List.of(CHECKPOINT_INTERVAL, CHECKPOINT_TIMEOUT, CHECKPOINT_DIRECTORY, RETAINED);
  }

  static StateConfig read(Settings settings) {
    return new StateConfig(
        settings.get(BACKEND),
        settings.get(MANAGED_MEMORY).getBytes(),
        settings.get(INCREMENTAL),
        settings.get(CHECKPOINT_INTERVAL),
        settings.get(CHECKPOINT_TIMEOUT),
        settings.get(CHECKPOINT_DIRECTORY),
        settings.get(RETAINED));
  }

  /**
   * The values of both sections.
   *
   * @param backend where keyed state lives
   * @param managedMemoryBytes RocksDB's memory, bytes for the whole process
   * @param incremental whether checkpoints write only what is new
   * @param checkpointInterval time between checkpoints
   * @param checkpointTimeout when an unfinished one is given up
   * @param checkpointDirectory URI; empty for the run's own folder
   * @param retained completed checkpoints that are kept
   */
  public record StateConfig(
      Backend backend,
      long managedMemoryBytes,
      boolean incremental,
      Duration checkpointInterval,
      Duration checkpointTimeout,
      String checkpointDirectory,
      int retained)
      implements Serializable {}
}

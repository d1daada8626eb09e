package io.tagstream.launcher.job;

import io.tagstream.launcher.config.PipelineOptions.PipelineConfig;
import io.tagstream.launcher.config.StateOptions.Backend;
import io.tagstream.launcher.config.StateOptions.StateConfig;
import io.tagstream.launcher.config.TagstreamConfig;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.rocksdb.CompressionType;

/** Translates our settings into Flink's. */
public final class FlinkSettings {

  private FlinkSettings() {}

  /**
   * Everything a job and its cluster are told.
   *
   * @param folder where state and, unless configured otherwise, checkpoints go
   */
  public static Configuration of(TagstreamConfig config, Path folder) {
    Configuration flink = stages(config);
    StateConfig state = config.state();
    flink.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, new MemorySize(state.managedMemoryBytes()));
    flink.set(RocksDBOptions.LOCAL_DIRECTORIES, folder.resolve("rocksdb").toString());
    flink.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints(state, folder));
    config.pipeline().flink().forEach(flink::setString);
    return flink;
  }

  /**
   * What a job is told on a cluster that is there: memory and folders are the cluster's, but for
   * checkpoints where {@code checkpoints.directory} says.
   */
  public static Configuration ofJob(TagstreamConfig config) {
    Configuration flink = stages(config);
    if (!config.state().checkpointDirectory().isEmpty()) {
      flink.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
      flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, config.state().checkpointDirectory());
    }
    config.pipeline().flink().forEach(flink::setString);
    return flink;
  }

  private static Configuration stages(TagstreamConfig config) {
    Configuration flink = new Configuration();
    pipeline(flink, config.pipeline());
    state(flink, config.state());
    return flink;
  }

  private static void pipeline(Configuration flink, PipelineConfig pipeline) {
    flink.set(CoreOptions.DEFAULT_PARALLELISM, pipeline.parallelism());
    flink.set(PipelineOptions.MAX_PARALLELISM, pipeline.maxParallelism());
    // What Kryo wrote can be read by nobody but the same classes: no type may fall back to it.
    flink.set(PipelineOptions.GENERIC_TYPES, false);
    flink.set(PipelineOptions.OBJECT_REUSE, true);
    flink.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, pipeline.watermarkInterval());
    flink.set(ExecutionOptions.BUFFER_TIMEOUT, pipeline.bufferTimeout());
    flink.set(
        RestartStrategyOptions.RESTART_STRATEGY,
        RestartStrategyOptions.RestartStrategyType.FIXED_DELAY.getMainValue());
    flink.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, pipeline.restartAttempts());
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, pipeline.restartDelay());
  }

  private static void state(Configuration flink, StateConfig state) {
    flink.set(
        StateBackendOptions.STATE_BACKEND,
        state.backend() == Backend.ROCKSDB ? "rocksdb" : "hashmap");
    // State is read once per event: a bloom filter saves reads of files without the key, and
    // compression costs more than the disk it saves.
    flink.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true);
    flink.set(
        RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL, List.of(CompressionType.NO_COMPRESSION));
    flink.set(RocksDBConfigurableOptions.MAX_BACKGROUND_THREADS, 2);

    flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, state.checkpointInterval());
    flink.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, state.checkpointTimeout());
    flink.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
    // Aligned: the learner's pages are frozen at the barrier, and nothing in flight is stored.
    flink.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
    flink.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, state.incremental());
    flink.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, state.retained());
    flink.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
  }

  /** URI of the folder of checkpoints and savepoints. */
  static String checkpoints(StateConfig state, Path folder) {
    return state.checkpointDirectory().isEmpty()
        ? folder.resolve("checkpoints").toUri().toString()
        : state.checkpointDirectory();
  }
}

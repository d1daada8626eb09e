package io.tagstream.it.k8s;

import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;

/** Flink itself divides the memory of each process, and leaves the job's heap enough of it. */
final class FlinkMemoryRule implements ManifestRule {

  private static final String NAME = "flink-memory";
  private static final MemorySize LEAST_HEAP = MemorySize.ofMebiBytes(512);

  @Override
  public List<ManifestProblem> check(Manifests manifests) {
    Problems problems = new Problems(NAME);
    for (Manifest manifest : manifests.of(Manifest.FLINK_DEPLOYMENT)) {
      try {
        jobManager(manifest);
      } catch (IllegalArgumentException | IllegalConfigurationException e) {
        problems.add(manifest, "spec.jobManager.resource.memory", e.getMessage());
      }
      try {
        MemorySize heap = taskManager(manifest).getTaskHeapSize();
        if (heap.compareTo(LEAST_HEAP) < 0) {
          problems.add(
              manifest,
              "spec.taskManager.resource.memory",
              "leaves the job "
                  + heap.toHumanReadableString()
                  + " of heap; at least "
                  + LEAST_HEAP);
        }
      } catch (IllegalArgumentException | IllegalConfigurationException e) {
        problems.add(manifest, "spec.taskManager.resource.memory", e.getMessage());
      }
    }
    return problems.all();
  }

  /** How Flink divides a TaskManager's memory. */
  static TaskExecutorProcessSpec taskManager(Manifest manifest) {
    Configuration flink = Configuration.fromMap(manifest.flinkConfiguration());
    flink.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, memory(manifest, "taskManager"));
    flink.set(
        TaskManagerOptions.CPU_CORES,
        manifest.tree().at("/spec/taskManager/resource/cpu").asDouble());
    return TaskExecutorProcessUtils.processSpecFromConfig(flink);
  }

  private static void jobManager(Manifest manifest) {
    Configuration flink = Configuration.fromMap(manifest.flinkConfiguration());
    flink.set(JobManagerOptions.TOTAL_PROCESS_MEMORY, memory(manifest, "jobManager"));
    var unused = JobManagerProcessUtils.processSpecFromConfig(flink);
  }

  private static MemorySize memory(Manifest manifest, String process) {
    return MemorySize.parse(manifest.tree().at("/spec/" + process + "/resource/memory").asText());
  }
}

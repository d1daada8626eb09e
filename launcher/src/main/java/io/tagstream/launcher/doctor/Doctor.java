package io.tagstream.launcher.doctor;

import com.sun.management.OperatingSystemMXBean;
import io.tagstream.launcher.broker.LoopbackPorts;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.training.Trainer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.rocksdb.NativeLibraryLoader;

/** Looks at this machine and the deployment it is to talk to. */
public final class Doctor {

  private static final long GIB = 1L << 30;
  private static final int BROKER_SECONDS = 5;

  private Doctor() {}

  /** Java itself. */
  public static Finding java() {
    int feature = Runtime.version().feature();
    String found = Runtime.version() + " at " + System.getProperty("java.home");
    return feature == 17
        ? Finding.ok("java", found)
        : Finding.failed("java", found + " - must be Java 17; set JAVA_HOME to a JDK 17");
  }

  /** Room for state and logs. */
  public static Finding disk(Path folder) {
    try {
      long usable = Files.getFileStore(folder).getUsableSpace();
      String found = gib(usable) + " free at " + folder;
      return usable >= 5 * GIB
          ? Finding.ok("disk", found)
          : Finding.warning("disk", found + " - a demo writes up to 5 GiB; make room");
    } catch (IOException e) {
      return Finding.failed("disk", folder + " - cannot be read: " + e.getMessage());
    }
  }

  /** Memory for the launcher, the broker and native libraries. */
  public static Finding memory() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long total = system.getTotalMemorySize();
    String found =
        gib(total) + " in the machine, heap up to " + gib(Runtime.getRuntime().maxMemory());
    return total >= 6 * GIB
        ? Finding.ok("memory", found)
        : Finding.warning("memory", found + " - a demo takes about 4 GiB; stop something else");
  }

  /** RocksDB's native library. */
  public static Finding stateBackend(Path scratch) {
    try {
      NativeLibraryLoader.getInstance().loadLibrary(scratch.toString());
      return Finding.ok("state backend", "RocksDB loads");
    } catch (IOException | UnsatisfiedLinkError e) {
      return Finding.failed(
          "state backend",
          "RocksDB does not load: "
              + e.getMessage()
              + " - set state.backend: hashmap, or use a machine with glibc");
    }
  }

  /** The tensor engine, with every model as configured. */
  public static Finding tensorEngine(TagstreamConfig config) {
    try {
      List<String> held = new ArrayList<>();
      for (LearnerConfig model : config.models()) {
        try (Trainer trainer = new Trainer(model)) {
          held.add(model.name() + ", step " + trainer.step());
        }
      }
      return Finding.ok("tensor engine", "PyTorch loads and holds " + String.join("; ", held));
    } catch (RuntimeException | LinkageError e) {
      return Finding.failed(
          "tensor engine",
          e.getMessage() + " - needs Linux x86_64 with glibc; for a GPU see learner.device");
    }
  }

  /** Ports for the embedded broker. */
  public static Finding ports() {
    try {
      return Finding.ok("ports", "free on loopback, such as " + LoopbackPorts.free());
    } catch (IOException e) {
      return Finding.failed("ports", e.getMessage() + " - end a process that listens there");
    }
  }

  /** The configured broker. */
  public static Finding broker(TagstreamConfig config) throws InterruptedException {
    String servers = config.kafka().bootstrapServers();
    Map<String, Object> properties = config.kafka().clientProperties();
    properties.put("default.api.timeout.ms", BROKER_SECONDS * 1000);
    properties.put("request.timeout.ms", BROKER_SECONDS * 1000);
    try (Admin admin = Admin.create(properties)) {
      int nodes = admin.describeCluster().nodes().get(BROKER_SECONDS, TimeUnit.SECONDS).size();
      return Finding.ok("broker", servers + " answers, with " + nodes + " nodes");
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return Finding.warning(
          "broker",
          servers
              + " does not answer - only the demo brings its own; start Kafka or set"
              + " kafka.bootstrap-servers");
    }
  }

  /** All that need no broker. */
  public static List<Finding> machine(Path folder) {
    return List.of(java(), memory(), disk(folder), ports(), stateBackend(folder));
  }

  private static String gib(long bytes) {
    return String.format("%.1f GiB", bytes / (double) GIB);
  }
}

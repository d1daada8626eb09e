package io.tagstream.launcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.ingestion.decode.RecordDecoder;
import io.tagstream.launcher.broker.EmbeddedBroker;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.InputRecord;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 90, unit = TimeUnit.SECONDS)
class BoundedKafkaSourceTest {

  private static final String TOPIC = "items";

  @TempDir Path folder;

  @Test
  void tellsItsReadersOfTheEndAfterEveryRestore() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1))).all().get();
      awaitPartitions(admin, 2);
      BoundedKafkaSource source = source(broker);

      Readers readers = new Readers();
      KafkaSourceEnumState state;
      try (SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> enumerator =
          source.createEnumerator(readers)) {
        state = readers.serve(enumerator);
      }
      assertThat(readers.partitions).containsExactlyInAnyOrder(0, 1);
      assertThat(readers.toldOfTheEnd).containsExactly(0);

      for (int restore = 1; restore <= 2; restore++) {
        Readers restored = new Readers();
        try (SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> enumerator =
            source.restoreEnumerator(restored, state)) {
          state = restored.serve(enumerator);
        }
        assertThat(restored.partitions).as("partitions that readers have").isEmpty();
        assertThat(restored.toldOfTheEnd).as("restore %s", restore).containsExactly(0);
        assertThat(state.assignedSplits()).hasSize(3);
      }

      admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(3))).all().get();
      awaitPartitions(admin, 3);
      Readers restored = new Readers();
      try (SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> enumerator =
          source.restoreEnumerator(restored, state)) {
        restored.serve(enumerator);
      }
      assertThat(restored.partitions).as("a partition of later").containsExactly(2);
      assertThat(restored.toldOfTheEnd).containsExactly(0);
    }
  }

  /** The broker knows of them a moment after the controller. */
  private static void awaitPartitions(Admin admin, int count) throws Exception {
    int found = 0;
    while (found < count) {
      try {
        var described = admin.describeTopics(List.of(TOPIC)).allTopicNames().get();
        found = described.get(TOPIC).partitions().size();
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
      }
    }
  }

  private static BoundedKafkaSource source(EmbeddedBroker broker) throws Exception {
    TagstreamConfig config = TagstreamConfig.parse("settings of the test");
    return new BoundedKafkaSource(
        KafkaSource.<InputRecord>builder()
            .setBootstrapServers(broker.bootstrapServers())
            .setTopics(TOPIC)
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setBounded(OffsetsInitializer.latest())
            .setDeserializer(
                new InputRecordDeserializer(
                    new RecordDecoder(config.ingestion(), config.formats())))
            .build());
  }

  /** One reader, and what it was given; asynchronous calls wait until they are run. */
  private static final class Readers implements SplitEnumeratorContext<KafkaPartitionSplit> {

    final Set<Integer> partitions = new HashSet<>();
    final Set<Integer> toldOfTheEnd = new HashSet<>();
    private final Map<Integer, ReaderInfo> registered = new HashMap<>();
    private final Queue<Runnable> calls = new ArrayDeque<>();

    KafkaSourceEnumState serve(
        SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> enumerator) throws Exception {
      enumerator.start();
      registered.put(0, new ReaderInfo(0, "here"));
      enumerator.addReader(0);
      while (!calls.isEmpty()) {
        calls.remove().run();
      }
      return enumerator.snapshotState(1);
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
      return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
    }

    @Override
    public void sendEventToSourceReader(int subtask, SourceEvent event) {}

    @Override
    public int currentParallelism() {
      return 1;
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
      return registered;
    }

    @Override
    public void assignSplits(SplitsAssignment<KafkaPartitionSplit> assignment) {
      assignment
          .assignment()
          .values()
          .forEach(
              splits ->
                  splits.forEach(split -> partitions.add(split.getTopicPartition().partition())));
    }

    @Override
    public void signalNoMoreSplits(int subtask) {
      toldOfTheEnd.add(subtask);
    }

    @Override
    public <R> void callAsync(Callable<R> callable, BiConsumer<R, Throwable> handler) {
      calls.add(
          () -> {
            try {
              handler.accept(callable.call(), null);
            } catch (Exception e) {
              handler.accept(null, e);
            }
          });
    }

    @Override
    public <R> void callAsync(
        Callable<R> callable, BiConsumer<R, Throwable> handler, long delay, long period) {
      throw new IllegalStateException("a bounded source looks for partitions once");
    }

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
      runnable.run();
    }
  }
}

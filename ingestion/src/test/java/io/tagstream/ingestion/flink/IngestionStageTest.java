package io.tagstream.ingestion.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.ingestion.TagSource;
import io.tagstream.ingestion.decode.RecordDecoder;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.Opened;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserFact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The stage in a running cluster: serialization, wiring, metrics, and that all is accounted for.
 */
class IngestionStageTest {

  private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .setConfiguration(METRICS.addToConfiguration(new Configuration()))
              .build());

  private record Result(List<Object> facts, List<DeadLetter> deadLetters, JobID job) {

    long sum(String count) {
      return METRICS.findMetrics(job, "ingestion.accounting." + count).values().stream()
          .mapToLong(metric -> ((Long) ((Gauge<?>) metric).getValue()))
          .sum();
    }

    void assertAccounted(int accepted) {
      assertThat(sum("accepted")).isEqualTo(accepted);
      assertThat(sum("deadLettered")).isEqualTo(deadLetters.size());
      assertThat(sum("imbalance")).isZero();
      assertThat(
              sum("matched") + sum("duplicate") + sum("open") + sum("closed") + sum("deadLettered"))
          .isEqualTo(accepted);
    }
  }

  private static Result run(List<InputRecord> records, IngestionConfig config) throws Exception {
    Configuration settings = new Configuration();
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
    env.setParallelism(2);
    DataStream<InputRecord> input =
        env.fromData(records, StreamTypes.INPUT)
            .assignTimestampsAndWatermarks(EventTimeWatermarks.strategy(config));
    IngestionStage.Outputs outputs = IngestionStage.of(input, config);
    CloseableIterator<UserFact> facts = outputs.facts().collectAsync();
    CloseableIterator<DeadLetter> letters = outputs.deadLetters().collectAsync();
    var job = env.executeAsync();
    List<Object> factList = new ArrayList<>();
    facts.forEachRemaining(fact -> factList.add(fact.getFact()));
    List<DeadLetter> letterList = new ArrayList<>();
    letters.forEachRemaining(letterList::add);
    job.getJobExecutionResult().get();
    return new Result(factList, letterList, job.getJobID());
  }

  private static InputRecord garbage(RecordDecoder decoder, Topic topic) {
    return decoder.decode(
        topic.defaultName(), 0, 7, Inputs.START, null, new byte[] {1, 2, 3}, List.of());
  }

  @Test
  void inlineTagsWithGarbageOnEveryTopic() throws Exception {
    IngestionConfig config = IngestionConfig.defaults();
    RecordDecoder decoder = new RecordDecoder(config);
    List<InputRecord> records = new ArrayList<>(Inputs.day(new Random(3), 20, 300));
    for (Topic topic : Topic.inputs()) {
      records.add(garbage(decoder, topic));
    }
    records.add(Inputs.item(1, "ignored"));
    Result result = run(records, config);
    result.assertAccounted(records.size());
    assertThat(result.deadLetters)
        .filteredOn(letter -> letter.getReason() == DeadLetterReason.UNREADABLE)
        .extracting(DeadLetter::getTopic)
        .containsExactlyInAnyOrderElementsOf(
            Topic.inputs().stream().map(Topic::defaultName).toList());
    assertThat(result.facts).hasAtLeastOneElementOfType(Opened.class);
    assertThat(result.facts).hasAtLeastOneElementOfType(LabeledImpression.class);
    assertThat(METRICS.findMetrics(result.job, "ingestion.itemsIgnored")).isNotEmpty();
    Map<?, ?> unreadable = METRICS.findMetrics(result.job, "ingestion.deadLetters.UNREADABLE");
    assertThat(unreadable).isNotEmpty();
  }

  @Test
  void itemsModeTagsWhatHasNone() throws Exception {
    IngestionConfig config = IngestionConfig.defaults().withTagSource(TagSource.ITEMS);
    List<InputRecord> records = new ArrayList<>();
    records.add(Inputs.item(0.5, "from-item"));
    InputRecord stranger = Inputs.impression("u9", "strange", 1, null);
    ((Impression) stranger.getBody()).setItemId("nowhere");
    records.add(stranger);
    for (int i = 0; i < 50; i++) {
      records.add(Inputs.impression("u" + i % 7, "i" + i, 1 + i * 0.01, null));
      records.add(Inputs.impression("u" + i % 7, "j" + i, 1 + i * 0.01, List.of("inline")));
      records.add(Inputs.click("u" + i % 7, "i" + i, 1 + i * 0.01));
    }
    Result result = run(records, config);
    result.assertAccounted(records.size());
    assertThat(result.deadLetters)
        .extracting(DeadLetter::getReason)
        .containsExactly(DeadLetterReason.UNKNOWN_ITEM);
    List<Opened> opened =
        result.facts.stream().filter(Opened.class::isInstance).map(Opened.class::cast).toList();
    assertThat(opened).hasSize(100);
    assertThat(opened)
        .allSatisfy(
            one ->
                assertThat(one.getTags())
                    .containsExactly(
                        one.getImpressionId().startsWith("i") ? "from-item" : "inline"));
    assertThat(result.facts).filteredOn(LabeledImpression.class::isInstance).hasSize(50);
  }
}

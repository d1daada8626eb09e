package io.tagstream.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.credit.CreditReading;
import io.tagstream.features.snapshot.FeatureSchema;
import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.launcher.config.KafkaOptions.Delivery;
import io.tagstream.learner.DtnConfig;
import io.tagstream.learner.DtnConfig.Unit;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.MktConfig;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.Network;
import io.tagstream.learner.StageConfig.Gamma;
import io.tagstream.profile.ProfileConfig;
import io.tagstream.schemas.Task;
import io.tagstream.schemas.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TagstreamConfigTest {

  @TempDir Path folder;

  private static List<String> mistakes(String yaml) {
    InvalidConfigurationException refused =
        catchThrowableOfType(
            InvalidConfigurationException.class, () -> TagstreamConfig.parse("test", yaml));
    assertThat(refused).as("refused").isNotNull();
    return refused.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void emptyFileGivesTheDefaults() throws Exception {
    assertThat(TagstreamConfig.parse("test", "")).isEqualTo(TagstreamConfig.defaults());
    assertThat(TagstreamConfig.parse("test", "# nothing\n")).isEqualTo(TagstreamConfig.defaults());
  }

  @Test
  void nestedAndDottedKeysSayTheSame() throws Exception {
    TagstreamConfig nested =
        TagstreamConfig.parse("test", "kafka:\n  delivery: exactly-once\n  group-id: shop\n");
    assertThat(TagstreamConfig.parse("test", "kafka.delivery: exactly-once\nkafka.group-id: shop"))
        .isEqualTo(nested);
    assertThat(nested.kafka().delivery()).isEqualTo(Delivery.EXACTLY_ONCE);
    assertThat(nested.kafka().groupId()).isEqualTo("shop");
  }

  @Test
  void tasksKeepTheirOrder() throws Exception {
    assertThat(
            TagstreamConfig.parse(
                    "test", "tasks: {like: 'conversion(like, follow)', click: click, view: stay}")
                .tasks())
        .containsExactly(
            Task.conversion("like", Set.of("like", "follow")),
            Task.click("click"),
            Task.stay("view"));
  }

  @Test
  void everyMistakeIsReportedAtOnce() {
    assertThat(
            mistakes(
                """
                kafka:
                  bootstrap-server: localhost:9092
                  delivery: sometimes
                  transaction-timeout: soon
                  properties:
                    group.id: mine
                topics:
                  clicks: "my clicks"
                  stays: conversions
                  partitions: 0
                tasks:
                  like: thumbs
                pipeline:
                  parallelism: two
                  restart-attempts: -1
                state.incremental: maybe
                checkpoints:
                  interval: [1, 2]
                  timeout:
                nonsense-without-any-neighbour-at-all: 1
                """))
        .containsExactlyInAnyOrder(
            "checkpoints.timeout: has no value; remove the line to get the default",
            "kafka.bootstrap-server: is no setting; did you mean kafka.bootstrap-servers?",
            "kafka.delivery: sometimes - must be one of at-least-once | exactly-once",
            "kafka.transaction-timeout: soon - must be a duration such as 10 min",
            "topics.clicks: my clicks - must be a topic name: letters, digits, '.', '_' and '-', at"
                + " most 249",
            "topics.partitions: 0 - must be between 1 and 10000",
            "pipeline.parallelism: two - must be a whole number such as 4",
            "pipeline.restart-attempts: -1 - must be at least 0",
            "state.incremental: maybe - must be true or false",
            "checkpoints.interval: [1, 2] - must be a duration such as 10 min",
            "nonsense-without-any-neighbour-at-all: is no setting; `tagstream validate --reference`"
                + " lists all",
            "kafka.properties: group.id - is set by the job; use the settings of kafka.*",
            "topics.conversions: conversions - is the name of topics.stays as well",
            "tasks.like: thumbs - must be click, stay or conversion(type, ...)");
  }

  @Test
  void textThatIsNoYamlNamesTheLine() {
    assertThat(mistakes("kafka: {group-id: a\npipeline: [").get(0)).contains("is no YAML (line 2)");
    assertThat(mistakes("just words")).containsExactly("must hold settings as 'key: value' lines");
    assertThat(mistakes("state: {backend: rocksdb, backend: hashmap}").get(0))
        .contains("is no YAML");
    assertThat(mistakes("kafka.group-id: a\nkafka: {group-id: b}"))
        .containsExactly("kafka.group-id: stands twice; keep one");
  }

  @Test
  void messageCountsTheMistakesAndNamesTheFile() throws Exception {
    Path file = Files.writeString(folder.resolve("bad.yaml"), "a: 1\nb: 2\n");
    assertThat(
            catchThrowableOfType(
                InvalidConfigurationException.class, () -> TagstreamConfig.load(file)))
        .hasMessageStartingWith(file + ": 2 mistakes\n  a: is no setting");
    assertThat(
            catchThrowableOfType(
                InvalidConfigurationException.class,
                () -> TagstreamConfig.load(folder.resolve("none.yaml"))))
        .hasMessageContaining("there is no such file");
  }

  /** A stage's own rules speak through its constructor, and still all at once. */
  @Test
  void rulesOfTheStagesAreReportedWithTheOthers() {
    assertThat(
            mistakes(
                """
                labels: {window: 2 h, attribution-horizon: 1 h, stay-edges: [soon]}
                features.clicked: [shop]
                model: {name: perceptron, experts: {}}
                batch.size: 0
                profiles: {score-threshold: 2}
                pipeline.parallelism: 500
                """))
        .hasSize(7)
        .anyMatch(text -> text.startsWith("labels.attribution-horizon: "))
        .anyMatch(text -> text.startsWith("labels.stay-edges: soon"))
        .anyMatch(text -> text.startsWith("features.clicked: "))
        .anyMatch(text -> text.startsWith("model.name: perceptron"))
        .anyMatch(text -> text.startsWith("batch.size: 0"))
        .anyMatch(text -> text.startsWith("profiles.score-threshold: 2"))
        .anyMatch(text -> text.startsWith("pipeline.parallelism: 500"));
  }

  @Test
  void defaultsAreTheStagesOwn() {
    TagstreamConfig defaults = TagstreamConfig.defaults();
    assertThat(defaults.ingestion().labelWindow())
        .isEqualTo(IngestionConfig.defaults().labelWindow());
    assertThat(defaults.ingestion().tasks()).isEqualTo(IngestionConfig.defaults().tasks());
    assertThat(defaults.ingestion().topics()).isEqualTo(IngestionConfig.defaults().topics());
    assertThat(defaults.features().fields()).isEqualTo(FeaturesConfig.defaults().fields());
    assertThat(defaults.features().labels()).isEqualTo(FeaturesConfig.defaults().labels());
    assertThat(defaults.features().credit()).isEqualTo(FeaturesConfig.defaults().credit());
    assertThat(defaults.learner().model()).isEqualTo(LearnerConfig.defaults().model());
    assertThat(defaults.learner().embedding()).isEqualTo(LearnerConfig.defaults().embedding());
    assertThat(defaults.learner().optimizer()).isEqualTo(LearnerConfig.defaults().optimizer());
    assertThat(defaults.learner().batch()).isEqualTo(LearnerConfig.defaults().batch());
    assertThat(defaults.learner().stage()).isEqualTo(LearnerConfig.defaults().stage());
    assertThat(defaults.profiles()).isEqualTo(ProfileConfig.defaults());
  }

  @Test
  void staysAreBinnedAsTheFileSays() throws Exception {
    TagstreamConfig config =
        TagstreamConfig.parse(
            "test",
            "labels: {stay-bins: quantiles, stay-bin-count: 5, stay-history: 7 d, stay-edges: [9 s]}");
    assertThat(config.features().labels().stays())
        .isEqualTo(
            new FeaturesConfig.Stays(
                FeaturesConfig.StayBinning.QUANTILES,
                List.of(Duration.ofSeconds(9)),
                5,
                Duration.ofDays(7)));
    assertThat(mistakes("labels.stay-bins: deciles"))
        .containsExactly("labels.stay-bins: deciles - must be one of edges | quantiles");
    assertThat(mistakes("labels.stay-bin-count: 1"))
        .containsExactly("labels.stay-bin-count: 1 - must lie between 2 and 100");
    assertThat(mistakes("labels.stay-history: 90 min"))
        .containsExactly("labels.stay-history: PT1H30M - must be whole hours, from 1 to 2160");
  }

  @Test
  void valuesReachTheirPlaces() throws Exception {
    TagstreamConfig config =
        TagstreamConfig.parse(
            "test",
            """
            topics.clicks: shop.clicks
            pipeline: {parallelism: 3, flink: {web.timeout: 5 s}}
            watermarks.idleness: 500 ms
            labels: {window: 1 min, attribution-horizon: 1 h, stay-edges: [1 s, 1 min]}
            features: {user-attributes: [age], context: []}
            credit.reading: subset
            model: {name: mvke, experts: {click: [0, 1], stay: [1], conversion: [2]}}
            learner.seed: 7
            profiles: {top-k: 3, denied-tags: [spam]}
            state: {backend: hashmap, managed-memory: 64 mb}
            checkpoints.interval: 1 s
            """);
    assertThat(config.topics().name(Topic.CLICKS)).isEqualTo("shop.clicks");
    assertThat(config.topics().name(Topic.STAYS)).isEqualTo("stays");
    assertThat(config.pipeline().parallelism()).isEqualTo(3);
    assertThat(config.ingestion().sourceIdleness()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.pipeline().flink()).containsEntry("web.timeout", "5 s");
    assertThat(config.state().backend()).isEqualTo(StateOptions.Backend.HASHMAP);
    assertThat(config.state().managedMemoryBytes()).isEqualTo(64L << 20);
    assertThat(config.ingestion().labelWindow()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.features().labels().window()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.features().labels().stays().edges())
        .containsExactly(Duration.ofSeconds(1), Duration.ofMinutes(1));
    assertThat(config.features().fields().userAttributes()).containsExactly("age");
    assertThat(config.features().credit().reading()).isEqualTo(CreditReading.SUBSET);
    assertThat(config.learner().model().experts()).containsEntry("click", Set.of(0, 1));
    assertThat(config.learner().seed()).isEqualTo(7);
    assertThat(config.learner().userFields())
        .isEqualTo(FeatureSchema.of(config.features()).fields().size());
    assertThat(config.learner().scoring().topK()).isEqualTo(3);
    assertThat(config.learner().scoring().deniedTags()).containsExactly("spam");
    assertThat(config.profiles().topK()).isEqualTo(3);
    assertThat(config.state().checkpointInterval()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void transferBetweenKindsOfItemsIsCheckedAgainstThem() throws Exception {
    String base =
        """
        model.name: mkt
        impressions.entities: [product, post]
        features: {privileged: [price], clicked: []}
        """;
    MktConfig mkt =
        TagstreamConfig.parse(
                "test",
                base
                    + """
                    model.mkt:
                      target-entity: post
                      sequence-field: shown.tags
                      sequence-length: 4
                      hfa-cross: dcn
                      alignment: 8
                      polarisation: squared-cosine
                      polarisation-weight: 0.5
                      missing-rate: 0.25
                      refresh-steps: 7
                    """)
            .learner()
            .model()
            .mkt();
    assertThat(mkt)
        .isEqualTo(
            new MktConfig(
                "post",
                2,
                4,
                MktConfig.Cross.DCN,
                8,
                MktConfig.Polarisation.SQUARED_COSINE,
                0.5f,
                0.25f,
                7));
    assertThat(mistakes(base))
        .containsExactly(
            "model.mkt.target-entity: item - must be one of impressions.entities [product, post]");
    String combined = base.replace("model.name: mkt", "model.name: combined");
    ModelConfig model = TagstreamConfig.parse("without", combined).learner().model();
    assertThat(model.readsEntities()).isFalse();
    assertThat(mistakes(combined + "model.combined.transfer: true"))
        .containsExactly(
            "model.mkt.target-entity: item - must be one of impressions.entities [product, post]");
    assertThat(mistakes("model.name: mkt\nfeatures: {privileged: [], clicked: []}").get(0))
        .startsWith("model.name: mkt - aligns privileged fields of different kinds of items");
    assertThat(mistakes(base + "model.mkt: {target-entity: post, sequence-field: 500}").get(0))
        .startsWith("model.mkt.sequence-field: 500 - must be one of ");
    assertThat(mistakes(base + "model.mkt: {target-entity: post, sequence-field: clicked.tag}"))
        .containsExactly(
            "model.mkt.sequence-field: clicked.tag - must be a user field; did you mean"
                + " clicked.tags?");
    assertThat(mistakes(base + "model.mkt: {target-entity: post, sequence-field: zodiac}").get(0))
        .startsWith("model.mkt.sequence-field: zodiac - must be a user field, one of [clicked.tags")
        .endsWith("or its number from 0");
    assertThat(mistakes(base + "model.mkt: {target-entity: post, missing-rate: 0}"))
        .containsExactly("model.mkt.missing-rate: 0.0 - must be above 0 and at most 1");
  }

  @Test
  void severalModelsLearnBesideTheFirst() throws Exception {
    TagstreamConfig config =
        TagstreamConfig.parse(
            "test",
            """
            stage.gamma: mean
            learner.models: [two-tower, mvke+gamma-off, mvke]
            """);
    assertThat(config.models())
        .extracting(LearnerConfig::name)
        .containsExactly("two-tower", "mvke+gamma-off", "mvke");
    assertThat(config.learner()).isEqualTo(config.models().get(0));
    assertThat(config.models())
        .extracting(learner -> learner.stage().gamma())
        .containsExactly(Gamma.MEAN, Gamma.OFF, Gamma.MEAN);
    assertThat(config.models().get(1).model().network()).isEqualTo(Network.MVKE);
    assertThat(config.withBootstrapServers("elsewhere:9").models()).isEqualTo(config.models());
    assertThat(TagstreamConfig.defaults().challengers()).isEmpty();
  }

  @Test
  void modelsThatCannotLearnTogetherAreRefused() {
    assertThat(mistakes("learner.models: [two-tower, mvk]"))
        .containsExactly("learner.models: mvk - is no network");
    assertThat(mistakes("learner.models: [mvke, two-tower, mvke]"))
        .containsExactly("learner.models: mvke - is named twice");
    assertThat(mistakes("learner.models: [mvke, mvke+equal-credit]"))
        .containsExactly(
            "learner.models: mvke+equal-credit - changes what is read of events, which all models"
                + " share");
    String endless = "mvke" + "+gamma-off".repeat(8);
    assertThat(mistakes("learner.models: [mvke, " + endless + "]"))
        .containsExactly("learner.models: " + endless + " - must have at most 80 characters");
    assertThat(mistakes("model.name: mvke\nlearner.models: [mvke, two-tower]"))
        .containsExactly(
            "learner.models: [mvke, two-tower] - names the models: leave model.name out");
    assertThat(mistakes("learner.models: [mvke, mkt]\nfeatures: {privileged: [], clicked: []}"))
        .singleElement()
        .asString()
        .startsWith("model.name: mkt - aligns privileged fields");
  }

  @Test
  void unitsOfFeatureInteractionsReachTheirPlaces() throws Exception {
    DtnConfig dtn =
        TagstreamConfig.parse(
                "test",
                """
                model.name: dtn
                model.dtn:
                  units: [gdcn, memonet]
                  trimmed: {click: [gdcn], shared: memonet}
                  restoring: amr
                  key-fields: [clicked.tags, 3]
                """)
            .learner()
            .model()
            .dtn();
    assertThat(dtn.units()).containsExactly(Unit.GDCN, Unit.MEMONET);
    assertThat(dtn.unitsOf("click")).containsExactly(Unit.MEMONET);
    assertThat(dtn.unitsOf("shared")).containsExactly(Unit.GDCN);
    assertThat(dtn.unitsOf("stay")).containsExactly(Unit.GDCN, Unit.MEMONET);
    assertThat(dtn.memoNet().restoring()).isEqualTo(DtnConfig.Restoring.AMR);
    assertThat(dtn.memoNet().keyFields()).containsExactly(0, 3);
    assertThat(mistakes("model.dtn: {units: [gdcn, senet], output: 0}")).hasSize(2);
    assertThat(mistakes("model.dtn.trimmed: {click: [senet]}"))
        .containsExactly(
            "model.dtn.trimmed.click: senet - each must be one of gdcn | masknet | memonet");
    assertThat(mistakes("model.dtn: {units: [gdcn], trimmed: {click: [gdcn]}}"))
        .containsExactly("model.dtn.trimmed.click: [GDCN] - leaves the module without a unit");
  }
}

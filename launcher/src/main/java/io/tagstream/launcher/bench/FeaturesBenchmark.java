package io.tagstream.launcher.bench;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.flink.FeaturesStage;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.EmbeddedCluster;
import io.tagstream.launcher.job.FlinkSettings;
import io.tagstream.schemas.UserFact;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.transformations.PhysicalTransformation;

/**
 * The feature stage beside a bare operator that does the same gets, puts and timers on records of
 * the same sizes, and beside no operator at all. Three jobs, each in one thread with its own
 * RocksDB, run by turns over the same facts.
 */
final class FeaturesBenchmark implements Benchmark {

  private static final int USERS = 1_000_000;
  private static final int SAMPLED_USERS = 2_000;

  /** Impressions of a mean user before measuring, and in each of the pairs. */
  private static final double BEFORE = 2;

  private static final double IN_A_PAIR = 0.1;
  private static final int PAIRS = 5;
  private static final long LAG_MILLIS = 5_000;
  private static final long LIMIT_SECONDS = 1_800;
  private static final int LANES = 3;
  private static final String SETTINGS =
      """
      pipeline.parallelism: 1
      state.backend: rocksdb
      state.managed-memory: 768 mb
      checkpoints.interval: 1 d
      watermarks.interval: 1 h
      """;

  @Override
  public String name() {
    return "features";
  }

  @Override
  public String summary() {
    return "feature stage, 1M users in RocksDB, as a share of a bare operator with the same gets,"
        + " puts, timers and sizes: at least 0.7";
  }

  @Override
  public Outcome measure(BenchRun run) throws Exception {
    int users = run.count(USERS, 1_000);
    FactStream stream = new FactStream(run.seed(), users);
    TagstreamConfig config = TagstreamConfig.parse("the benchmark's settings", SETTINGS);
    FeaturesConfig features = FeaturesConfig.defaults();
    long ticksBefore = (long) (users * BEFORE);
    long ticks = Math.max(1, (long) (users * IN_A_PAIR));
    run.progress().accept("sampling record sizes and timers ...");
    FactStream sample = new FactStream(run.seed(), Math.min(users, SAMPLED_USERS));
    RecordProfile profile =
        RecordProfile.of(
            features, sample, (long) (sample.users() * (BEFORE + PAIRS * IN_A_PAIR)), LAG_MILLIS);
    Path state = Files.createDirectories(run.scratch().resolve("state"));
    String prefix = run.scratch().toString();
    try (EmbeddedCluster cluster =
            EmbeddedCluster.start(FlinkSettings.of(config, state), LANES, state);
        Lane stage = Lane.open(prefix + "/stage");
        Lane bare = Lane.open(prefix + "/bare");
        Lane none = Lane.open(prefix + "/none")) {
      submit(cluster, stream, prefix + "/stage", facts -> FeaturesStage.of(facts, features));
      submit(
          cluster,
          stream,
          prefix + "/bare",
          facts ->
              facts.transform(
                  "bare", new AvroTypeInfo<>(UserFact.class), new BareOperator(profile)));
      submit(cluster, stream, prefix + "/none", facts -> facts);
      List<Lane> lanes = List.of(stage, bare, none);
      run.progress().accept("filling the state of " + users + " users ...");
      for (Lane lane : lanes) {
        lane.run(ticksBefore, LIMIT_SECONDS);
      }
      double[][] factsPerSecond = pairs(run, lanes, ticks);
      return outcome(factsPerSecond, profile, config, stream);
    }
  }

  /** What stands behind the facts. */
  @FunctionalInterface
  private interface Behind {
    DataStream<?> of(KeyedStream<UserFact, String> facts);
  }

  private static void submit(EmbeddedCluster cluster, FactStream stream, String lane, Behind behind)
      throws Exception {
    StreamExecutionEnvironment environment = cluster.environment();
    SingleOutputStreamOperator<UserFact> facts =
        environment
            .fromSequence(0, Long.MAX_VALUE - 1)
            .transform(
                "facts",
                new AvroTypeInfo<>(UserFact.class),
                new FactOperator(stream, lane, LAG_MILLIS));
    chained(facts);
    DataStream<?> out =
        behind.of(
            DataStreamUtils.reinterpretAsKeyedStream(facts, UserFact::getUserId, Types.STRING));
    chained(out);
    out.sinkTo(new DiscardingSink<>());
    cluster.submit(environment, lane);
  }

  /**
   * An operator of its own task would be timed with the exchange before it, and not be waited for.
   */
  private static void chained(DataStream<?> stream) {
    if (stream.getTransformation() instanceof PhysicalTransformation<?> operator) {
      operator.setChainingStrategy(ChainingStrategy.ALWAYS);
    }
  }

  /** Facts per second by lane and round; the order of lanes turns round with each. */
  private static double[][] pairs(BenchRun run, List<Lane> lanes, long ticks)
      throws InterruptedException {
    double[][] factsPerSecond = new double[LANES][PAIRS];
    for (int round = 0; round < PAIRS; round++) {
      run.progress().accept("pair " + (round + 1) + " of " + PAIRS + " ...");
      for (int n = 0; n < LANES; n++) {
        int lane = round % 2 == 0 ? n : LANES - 1 - n;
        Lane.Turn turn = lanes.get(lane).run(ticks, LIMIT_SECONDS);
        factsPerSecond[lane][round] = turn.facts() * 1e9 / turn.nanos();
      }
    }
    return factsPerSecond;
  }

  private static Outcome outcome(
      double[][] rates, RecordProfile profile, TagstreamConfig config, FactStream stream) {
    double[] ratios = new double[PAIRS];
    double[] net = new double[PAIRS];
    for (int round = 0; round < PAIRS; round++) {
      ratios[round] = rates[0][round] / rates[1][round];
      double generation = 1 / rates[2][round];
      net[round] = (1 / rates[1][round] - generation) / (1 / rates[0][round] - generation);
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("ratio", Figures.median(ratios));
    figures.put("ratioWithoutGeneration", Figures.median(net));
    figures.put("smallestRatio", Figures.quantile(ratios, 0));
    figures.put("largestRatio", Figures.quantile(ratios, 1));
    figures.put("eventsPerSecond", Figures.median(rates[0]));
    figures.put("bareEventsPerSecond", Figures.median(rates[1]));
    figures.put("generatedEventsPerSecond", Figures.median(rates[2]));
    figures.put("meanRecordBytes", profile.meanBytes());
    figures.put("largestRecordBytes", profile.largestBytes());
    figures.put("keptImpressionBytes", profile.keptBytes());
    figures.put("wakesPerEvent", profile.wakesPerFact());
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("users", stream.users());
    configuration.put("impressionsPerUserBefore", BEFORE);
    configuration.put("pairs", PAIRS);
    configuration.put("parallelism", 1);
    configuration.put("stateBackend", "ROCKSDB");
    configuration.put(
        "managedMemoryMegabytesPerJob", (config.state().managedMemoryBytes() >> 20) / LANES);
    configuration.put("heapMaxMegabytes", Heap.maxMegabytes());
    return new Outcome(
        List.of(Target.atLeast("ratio", Figures.median(ratios), 0.7)), figures, configuration);
  }
}

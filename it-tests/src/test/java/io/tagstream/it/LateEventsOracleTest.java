package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.FeaturesConfig.KeepSnapshots;
import io.tagstream.features.transition.NaiveFeatures;
import io.tagstream.features.transition.SampleCheck;
import io.tagstream.features.transition.UserTable;
import io.tagstream.ingestion.ConversionSpace;
import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.ingestion.decode.RecordDecoder;
import io.tagstream.ingestion.flink.JoinTable;
import io.tagstream.ingestion.join.JoinRules;
import io.tagstream.ingestion.join.LabelKind;
import io.tagstream.ingestion.join.NaiveJoin;
import io.tagstream.ingestion.join.Refusal;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.Opened;
import io.tagstream.schemas.Task;
import io.tagstream.schemas.TaskLabel;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.UserFact;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Decoder, label join and features against the naive oracles, over events that are late, early,
 * repeated or of the future, in partitions that fall idle and come back, with restarts.
 *
 * <ul>
 *   <li>Every record is refused, placed or repeated as the rules say of it and of the watermark it
 *       met, and the labels are those of what was left.
 *   <li>Every sample that is not marked late is what a full scan of the facts gives that had come
 *       when it went out.
 *   <li>Every label makes its sample, late or not, and every late fact is counted.
 * </ul>
 */
class LateEventsOracleTest {

  private static final long SEED = 20_260_401L;
  private static final long LONG_EVENTS = Long.getLong("tagstream.late-events", 10_000_000L);
  private static final int FEW_USERS = 50;
  private static final int USERS = 400;

  /** Of a user, over months. */
  private static final int IMPRESSIONS = 40;

  private static final int RESTARTS = 7;

  /** Beyond the last record of any user. */
  private static final int DAYS_AFTER = 60;

  @Test
  void everySampleIsWhatTheFactsOfItsMomentGive() {
    Figures figures = new Figures();
    for (int world = 0; world < 2; world++) {
      figures.add(play(world, FEW_USERS));
    }
    figures.check();
  }

  /** Worlds know nothing of each other, so every processor plays one. */
  @Test
  @Tag("long")
  void tenMillionEventsOverMonthsAndRestarts() {
    Figures figures = new Figures();
    int processors = Runtime.getRuntime().availableProcessors();
    for (int world = 0; figures.events < LONG_EVENTS; world += processors) {
      IntStream.range(world, world + processors)
          .parallel()
          .mapToObj(each -> play(each, USERS))
          .toList()
          .forEach(figures::add);
    }
    figures.check();
  }

  /** What was played. */
  private static final class Figures {
    private long events;
    private long future;
    private long refused;
    private long placed;
    private long repeated;
    private long lateFacts;
    private long samples;
    private long lateSamples;
    private long approximate;

    private void add(Figures other) {
      events += other.events;
      future += other.future;
      refused += other.refused;
      placed += other.placed;
      repeated += other.repeated;
      lateFacts += other.lateFacts;
      samples += other.samples;
      lateSamples += other.lateSamples;
      approximate += other.approximate;
    }

    /** That all of it occurs, or nothing is said. */
    private void check() {
      System.out.printf(
          "seed %d: %d events, of the future %d, refused %d, placed %d, repeated %d; late facts %d;"
              + " samples %d, marked late %d; impressions corrected within their window %d%n",
          SEED,
          events,
          future,
          refused,
          placed,
          repeated,
          lateFacts,
          samples,
          lateSamples,
          approximate);
      assertThat(List.of(future, refused, placed, repeated, lateFacts, lateSamples, approximate))
          .allMatch(figure -> figure > 0);
      assertThat(lateSamples).isLessThan(samples / 4);
    }
  }

  private static Figures play(int world, int users) {
    boolean all = world % 2 == 0;
    Figures figures = new Figures();
    new Play(
            ingestion(all ? ConversionSpace.ALL : ConversionSpace.CLICKED),
            features(all ? KeepSnapshots.POSITIVE : KeepSnapshots.CLICKED),
            "seed %d, world %d".formatted(SEED, world),
            figures)
        .play(new LateWorld(SEED + world, users, IMPRESSIONS).arrivals());
    return figures;
  }

  private static List<Task> tasks() {
    return Task.defaults(Set.of("purchase", "subscribe"));
  }

  private static IngestionConfig ingestion(ConversionSpace space) {
    IngestionConfig defaults = IngestionConfig.defaults();
    return defaults
        .withTasks(tasks())
        .withLabels(defaults.labelWindow(), defaults.attributionHorizon(), space);
  }

  private static FeaturesConfig features(KeepSnapshots keep) {
    FeaturesConfig config = SampleCheck.config();
    FeaturesConfig.Labels labels = config.labels();
    return new FeaturesConfig(
        tasks(),
        new FeaturesConfig.Labels(
            labels.window(),
            labels.attributionHorizon(),
            keep,
            labels.stays(),
            labels.priorMeans()),
        config.fields(),
        config.credit());
  }

  /** One world through both stages, as the operators run them. */
  private static final class Play implements JoinTable.Output {
    private final IngestionConfig ingestion;
    private final FeaturesConfig features;
    private final String as;
    private final Figures figures;
    private final RecordDecoder decoder;
    private final JoinTable join;
    private final UserTable table;
    private final NaiveArrivals naive;
    private final FactLog facts = new FactLog();
    private final Set<Long> refused = new HashSet<>();
    private final Map<NaiveJoin.Key, NaiveJoin.Said> said = new HashMap<>();
    private final Set<SampleRecorder.Key> labelled = new HashSet<>();
    private final Set<SampleRecorder.Key> sampled = new HashSet<>();
    private final Set<String> begun = new HashSet<>();

    /** Time of the features: behind the join's while its timers fire. */
    private long watermark = Long.MIN_VALUE;

    private Play(IngestionConfig ingestion, FeaturesConfig features, String as, Figures figures) {
      this.ingestion = ingestion;
      this.features = features;
      this.as = as;
      this.figures = figures;
      this.decoder = new RecordDecoder(ingestion);
      this.join = new JoinTable(ingestion, this);
      this.table = new UserTable(features, this::sample);
      this.naive = new NaiveArrivals(JoinRules.of(ingestion));
    }

    private void play(List<LateWorld.Arrival> arrivals) {
      long now = arrivals.get(0).atMillis();
      PartitionClocks clocks =
          new PartitionClocks(
              LateWorld.PARTITIONS,
              ingestion.watermarkBound().toMillis(),
              LateWorld.IDLENESS.toMillis(),
              now);
      for (int offset = 0; offset < arrivals.size(); offset++) {
        LateWorld.Arrival arrival = arrivals.get(offset);
        now = arrival.atMillis();
        if (offset % (arrivals.size() / RESTARTS) == 0) {
          join.restart();
          table.restart();
          clocks.restart(now);
        }
        // Watermarks go out often, but not with every record: those of one moment meet the same.
        if (offset % 3 == 0) {
          advanceTo(clocks.watermark(now));
        }
        if (arrive(arrival, offset) && arrival.partition() < LateWorld.PARTITIONS) {
          clocks.event(arrival.partition(), LateWorld.time(arrival.record()), now);
        }
      }
      for (int day = 0; day <= DAYS_AFTER; day++) {
        advanceTo(now + Duration.ofDays(day).toMillis());
      }
      check(arrivals.size());
    }

    /** Whether the decoder takes it. */
    private boolean arrive(LateWorld.Arrival arrival, long offset) {
      figures.events++;
      InputRecord record =
          decoder.decode(
              arrival.topic().defaultName(),
              arrival.partition(),
              offset,
              arrival.atMillis(),
              Mutation.bytes(arrival.key()),
              EventTopics.encode(arrival.record()),
              List.of());
      boolean future =
          LateWorld.time(arrival.record())
              > arrival.atMillis() + ingestion.maxClockSkew().toMillis();
      if (record.getBody() instanceof DeadLetter letter) {
        assertThat(letter.getReason()).isEqualTo(DeadLetterReason.EVENT_TIME_IN_FUTURE);
        assertThat(future).as(as).isTrue();
        figures.future++;
        return false;
      }
      assertThat(future).as(as).isFalse();
      naive.arrive(record, watermark);
      join.put(record);
      return true;
    }

    private void advanceTo(long to) {
      join.advanceTo(to);
      watermark = Math.max(watermark, to);
      table.advanceTo(to);
    }

    @Override
    public void refused(long offset, Refusal refusal) {
      assertThat(refused.add(offset)).as(as + ": refused twice").isTrue();
    }

    @Override
    public void fact(UserFact fact) {
      facts.add(fact, watermark);
      if (fact.getFact() instanceof LabeledImpression labels) {
        labelled.add(new SampleRecorder.Key(labels.getImpressionId(), labels.getEmission()));
        note(labels);
      }
      table.put(fact);
    }

    private void note(LabeledImpression labels) {
      List<String> names = tasks().stream().map(Task::name).toList();
      NaiveJoin.Said before =
          said.put(
              new NaiveJoin.Key(
                  labels.getImpressionId(),
                  LabelKind.valueOf(labels.getEmission().name()),
                  labels.getLabels().stream().map(each -> names.indexOf(each.getTask())).toList()),
              new NaiveJoin.Said(
                  labels.getEventTimeMillis(),
                  labels.getLabels().stream().map(TaskLabel::getValue).toList()));
      assertThat(labels.getRevision()).as(as).isEqualTo(before != null);
    }

    /** A sample goes out: what has come of its user by now must give it. */
    private void sample(TrainingSample sample) {
      SampleRecorder.Key key =
          new SampleRecorder.Key(sample.getImpressionId(), sample.getEmission());
      assertThat(sampled.add(key)).as("%s: %s twice", as, key).isTrue();
      figures.samples++;
      boolean first = begun.add(sample.getImpressionId());
      if (sample.getLate()) {
        figures.lateSamples++;
        return;
      }
      NaiveFeatures scan = new NaiveFeatures(features, facts.of(sample.getUserId()));
      Opened shown =
          scan.opened().stream()
              .filter(one -> one.getImpressionId().equals(sample.getImpressionId()))
              .findFirst()
              .orElseThrow();
      LabeledImpression emission =
          scan.emissions(shown).stream()
              .filter(one -> one.getEmission() == sample.getEmission())
              .findFirst()
              .orElseThrow();
      SampleCheck.check(scan, shown, emission, first, sample);
    }

    private void check(int events) {
      naive.decide();
      assertThat(refused).as(as).isEqualTo(naive.refused);
      assertThat(differing()).as(as).isEmpty();
      assertThat(join.ledger().entered() + figures.future).as(as).isEqualTo(events);
      assertThat(join.ledger().imbalance()).as(as).isZero();
      assertThat(join.ledger().open()).as(as).isZero();
      assertThat(join.ledger().deadLettered()).isEqualTo(naive.refused.size());
      assertThat(join.ledger().matched() + join.ledger().duplicate())
          .isEqualTo(naive.placed + naive.repeated);
      assertThat(sampled).as(as).isEqualTo(labelled);
      assertThat(table.lateFacts()).as(as).isEqualTo(facts.late);
      assertThat(table.unmatched()).as(as).isZero();
      assertThat(join.isEmpty()).as(as + ": the join forgets").isTrue();
      assertThat(table.records()).as(as + ": users expire").isEmpty();
      assertThat(table.keptImpressions()).isZero();
      assertThat(table.liveTimers()).isZero();
      assertThat(table.openSnapshots()).isZero();
      figures.refused += naive.refused.size();
      figures.placed += naive.placed;
      figures.repeated += naive.repeated;
      figures.lateFacts += facts.late;
      figures.approximate += naive.approximate.size();
    }

    /** Labels that only one of the two gives, or that differ, but for what is approximate. */
    private List<String> differing() {
      Set<NaiveJoin.Key> keys = new HashSet<>(said.keySet());
      keys.addAll(naive.emissions.keySet());
      return keys.stream()
          .filter(key -> !naive.approximate.contains(key.impressionId()))
          .filter(key -> !Objects.equals(said.get(key), naive.emissions.get(key)))
          .map(key -> key + ": is " + said.get(key) + ", must be " + naive.emissions.get(key))
          .toList();
    }
  }
}

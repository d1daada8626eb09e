package io.tagstream.launcher.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.User;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PlantedWorldTest {

  private static final int SAMPLE = 200_000;
  private static final PlantedWorldConfig CONFIG = PlantedWorldConfig.defaults(7);
  private static final long LABEL_WINDOW = Duration.ofMinutes(10).toMillis();

  private static List<WorldEvent> events;

  @BeforeAll
  static void generate() {
    events = take(CONFIG, SAMPLE);
  }

  @Test
  void equalSeedsMakeEqualBytesOnEveryMachine() {
    assertThat(digest(take(CONFIG, 100_000))).isEqualTo(digest(events.subList(0, 100_000)));
    assertThat(digest(take(PlantedWorldConfig.defaults(8), 100_000)))
        .isNotEqualTo(digest(events.subList(0, 100_000)));
    // Golden: figures of one release can be repeated with the next.
    assertThat(digest(events.subList(0, 100_000))).isEqualTo(3186837314L);
  }

  @Test
  void usersComeFirstAndEveryEventIsKeyedByItsUser() {
    assertThat(events.subList(0, CONFIG.users()))
        .allMatch(e -> e.topic() == Topic.USERS && e.eventTimeMillis() == CONFIG.startMillis());
    assertThat(events.subList(CONFIG.users(), SAMPLE))
        .noneMatch(e -> e.topic() == Topic.USERS)
        .allMatch(e -> e.eventTimeMillis() > CONFIG.startMillis())
        .allMatch(e -> e.key().equals(e.record().get("userId")))
        .allMatch(e -> e.record().get("eventTimeMillis").equals(e.eventTimeMillis()))
        .allMatch(e -> e.topic().recordClass() == e.record().getClass());
  }

  @Test
  void noEventLiesFurtherBehindThanTheBound() {
    long largest = 0;
    long furthest = 0;
    for (WorldEvent event : events) {
      furthest = Math.max(furthest, largest - event.eventTimeMillis());
      largest = Math.max(largest, event.eventTimeMillis());
    }
    assertThat(furthest).isBetween(1L, CONFIG.maxOutOfOrderness().toMillis());
  }

  @Test
  void mixAndRateAreAsConfigured() {
    Map<Topic, Integer> counts = new EnumMap<>(Topic.class);
    List<WorldEvent> played = events.subList(CONFIG.users(), SAMPLE);
    played.forEach(e -> counts.merge(e.topic(), 1, Integer::sum));
    double total = played.size();
    assertThat(100 * counts.get(Topic.IMPRESSIONS) / total).isCloseTo(55, within(1.5));
    assertThat(100 * counts.get(Topic.CLICKS) / total).isCloseTo(15, within(1.0));
    assertThat(100 * counts.get(Topic.STAYS) / total).isCloseTo(27, within(1.0));
    assertThat(100 * counts.get(Topic.CONVERSIONS) / total).isCloseTo(3, within(0.5));
    double wallSeconds =
        (events.get(SAMPLE - 1).eventTimeMillis() - CONFIG.startMillis())
            / 1_000.0
            / CONFIG.speedup();
    assertThat(total / wallSeconds / CONFIG.eventsPerSecond()).isCloseTo(1, within(0.1));
  }

  @Test
  void everyReactionComesInItsWindowAfterItsImpression() {
    Map<String, Long> shown = new HashMap<>();
    Set<String> clicked = new HashSet<>();
    long repeated = 0;
    for (WorldEvent event : events) {
      if (event.record() instanceof Impression i) {
        repeated += shown.put(i.getImpressionId(), i.getEventTimeMillis()) == null ? 0 : 1;
      } else if (event.record() instanceof Click c) {
        repeated += clicked.add(c.getImpressionId()) ? 0 : 1;
      }
    }
    assertThat(repeated).isZero();
    long early = 0;
    long late = 0;
    long corrections = 0;
    for (WorldEvent event : events) {
      String id = event.topic() == Topic.USERS ? "" : (String) event.record().get("impressionId");
      Long shownAt = shown.get(id);
      if (shownAt == null) {
        continue; // a user record, or the impression is beyond the sample
      }
      long delay = event.eventTimeMillis() - shownAt;
      boolean mayCorrect = event.record() instanceof Conversion && clicked.contains(id);
      early += delay < 0 ? 1 : 0;
      late += delay >= (mayCorrect ? Duration.ofHours(25).toMillis() : LABEL_WINDOW) ? 1 : 0;
      corrections += delay > LABEL_WINDOW ? 1 : 0;
    }
    assertThat(early).isZero();
    assertThat(late).isZero();
    assertThat(corrections).as("conversions after the label window").isPositive();
  }

  @Test
  void popularTagsAreShownMoreButNotLikedMore() {
    PlantedWorldConfig crowd = CONFIG.withUsers(4_000);
    PlantedTruth truth = new PlantedTruth(crowd);
    Map<String, Integer> shown = new HashMap<>();
    for (WorldEvent event : events) {
      if (event.record() instanceof Impression i) {
        i.getTags().forEach(tag -> shown.merge(tag, 1, Integer::sum));
      }
    }
    Map<String, Integer> liked = new HashMap<>();
    for (String userId : truth.userIds()) {
      truth
          .trueInterests(userId, crowd.startMillis())
          .forEach(t -> liked.merge(t, 1, Integer::sum));
    }
    assertThat(liked).hasSizeGreaterThanOrEqualTo(200);
    List<String> tags = new ArrayList<>(liked.keySet());
    assertThat(correlation(tags, shown, liked)).isCloseTo(0, within(0.2));
    List<String> byShown = new ArrayList<>(shown.keySet());
    byShown.sort(Comparator.comparing(shown::get));
    int most = shown.get(byShown.get(byShown.size() - 1));
    int median = shown.get(byShown.get(byShown.size() / 2));
    assertThat(most).isGreaterThan(4 * median);
  }

  @Test
  void likedTagsAreClickedFarMoreOften() {
    PlantedTruth truth = new PlantedTruth(CONFIG);
    Set<String> clicked = new HashSet<>();
    events.stream()
        .filter(e -> e.record() instanceof Click)
        .forEach(e -> clicked.add(((Click) e.record()).getImpressionId()));
    int searches = 0;
    int rightSearches = 0;
    double[] clicks = new double[2];
    double[] impressions = new double[2];
    for (WorldEvent event : events) {
      if (event.record() instanceof Impression i) {
        Set<String> interests = truth.trueInterests(i.getUserId(), i.getEventTimeMillis());
        int likes = i.getTags().stream().anyMatch(interests::contains) ? 1 : 0;
        searches += "search".equals(i.getScene()) ? 1 : 0;
        rightSearches += "search".equals(i.getScene()) ? likes : 0;
        impressions[likes]++;
        clicks[likes] += clicked.contains(i.getImpressionId()) ? 1 : 0;
      }
    }
    assertThat(rightSearches).as("a search is for something liked").isEqualTo(searches);
    assertThat(clicks[1] / impressions[1]).isGreaterThan(2 * clicks[0] / impressions[0]);
    assertThat(clicks[0]).as("clicks on nothing liked").isGreaterThan(clicks[1] / 2);
  }

  @Test
  void interestsDriftOneTopicAtATime() {
    PlantedTruth truth = new PlantedTruth(CONFIG);
    long later = CONFIG.startMillis() + CONFIG.driftMean().toMillis();
    int drifted = 0;
    for (String userId : truth.userIds()) {
      Set<String> before = truth.trueInterests(userId, CONFIG.startMillis());
      assertThat(before).hasSize(CONFIG.likedTopics() * CONFIG.tagsPerTopic());
      drifted += truth.trueInterests(userId, later).equals(before) ? 0 : 1;
      assertThat(truth.trueInterests(userId, CONFIG.startMillis()))
          .as("asked again")
          .isEqualTo(before);
    }
    // 1 - 1/e of the users had at least one swap.
    assertThat((double) drifted / CONFIG.users()).isCloseTo(0.63, within(0.07));
  }

  @Test
  void driftsAreWhatTheTruthChangesBy() {
    PlantedTruth truth = new PlantedTruth(CONFIG);
    long end = CONFIG.startMillis() + 4 * CONFIG.driftMean().toMillis();
    List<Drift> drifts = truth.drifts(end);
    assertThat((double) drifts.size() / CONFIG.users()).isCloseTo(4, within(0.5));
    assertThat(drifts).anyMatch(drift -> drift.untilMillis() < end);
    for (Drift drift : drifts) {
      assertThat(drift.atMillis()).isBetween(CONFIG.startMillis() + 1, end - 1);
      assertThat(truth.trueInterests(drift.userId(), drift.atMillis() - 1))
          .doesNotContainAnyElementsOf(drift.tags());
      long last = Math.min(drift.untilMillis(), end) - 1;
      for (long time : List.of(drift.atMillis(), (drift.atMillis() + last) / 2, last)) {
        assertThat(truth.trueInterests(drift.userId(), time)).containsAll(drift.tags());
      }
      if (drift.untilMillis() < end) {
        assertThat(truth.trueInterests(drift.userId(), drift.untilMillis()))
            .doesNotContainAnyElementsOf(drift.tags());
      }
    }
    assertThat(truth.drifts(end)).as("asked again").isEqualTo(drifts);
    assertThat(new PlantedTruth(CONFIG).drifts(CONFIG.startMillis() + 1)).isEmpty();
  }

  @Test
  void usersHaveEveryStageAndChangeIt() {
    Map<LifecycleStage, Integer> first = new EnumMap<>(LifecycleStage.class);
    int changed = 0;
    for (int user = 0; user < CONFIG.users(); user++) {
      UserTimeline timeline = new UserTimeline(CONFIG, user);
      LifecycleStage start = timeline.stage(CONFIG.startMillis());
      first.merge(start, 1, Integer::sum);
      changed +=
          timeline.stage(CONFIG.startMillis() + Duration.ofDays(1).toMillis()) == start ? 0 : 1;
    }
    assertThat(first).hasSize(4);
    assertThat(changed).isBetween(CONFIG.users() / 3, CONFIG.users());
  }

  @Test
  void recordsUseTheNamesTheSourceDeclares() {
    SourceFields fields = new PlantedWorld(CONFIG).fields();
    Set<String> attributes = new HashSet<>();
    Set<String> entities = new HashSet<>();
    Set<String> context = new HashSet<>();
    Set<String> privileged = new HashSet<>();
    Set<String> conversions = new HashSet<>();
    for (WorldEvent event : events.subList(0, 20_000)) {
      if (event.record() instanceof User user) {
        attributes.addAll(user.getAttributes().keySet());
      } else if (event.record() instanceof Impression i) {
        entities.add(i.getEntity());
        context.addAll(i.getContext().keySet());
        privileged.addAll(i.getPrivileged().keySet());
        assertThat(i.getTags()).isNotEmpty().doesNotHaveDuplicates();
      } else if (event.record() instanceof Conversion c) {
        conversions.add(c.getConversionType());
      } else if (event.record() instanceof Stay s) {
        assertThat(s.getStayMillis()).isNotNegative();
      }
    }
    assertThat(attributes).containsExactlyInAnyOrderElementsOf(fields.userAttributes());
    assertThat(entities).isEqualTo(fields.entities());
    assertThat(context).containsExactlyInAnyOrderElementsOf(fields.contextFields());
    assertThat(privileged).containsExactlyInAnyOrderElementsOf(fields.privilegedFields());
    assertThat(conversions).isEqualTo(fields.conversionTypes());
  }

  private static List<WorldEvent> take(PlantedWorldConfig config, int count) {
    List<WorldEvent> taken = new ArrayList<>(count);
    try (PlantedWorld world = new PlantedWorld(config)) {
      while (taken.size() < count) {
        taken.add(world.next());
      }
    }
    return taken;
  }

  private static long digest(List<WorldEvent> events) {
    CRC32C digest = new CRC32C();
    Map<Topic, SingleObjectCodec<SpecificRecordBase>> codecs = new EnumMap<>(Topic.class);
    for (WorldEvent event : events) {
      digest.update(
          codecs.computeIfAbsent(event.topic(), PlantedWorldTest::codec).encode(event.record()));
    }
    return digest.getValue();
  }

  @SuppressWarnings("unchecked") // a topic's records are of its class
  private static SingleObjectCodec<SpecificRecordBase> codec(Topic topic) {
    return new SingleObjectCodec<>((Class<SpecificRecordBase>) topic.recordClass());
  }

  private static double correlation(
      List<String> tags, Map<String, Integer> left, Map<String, Integer> right) {
    double meanLeft = tags.stream().mapToInt(t -> left.getOrDefault(t, 0)).average().orElseThrow();
    double meanRight = tags.stream().mapToInt(right::get).average().orElseThrow();
    double product = 0;
    double squareLeft = 0;
    double squareRight = 0;
    for (String tag : tags) {
      double l = left.getOrDefault(tag, 0) - meanLeft;
      double r = right.get(tag) - meanRight;
      product += l * r;
      squareLeft += l * l;
      squareRight += r * r;
    }
    return product / Math.sqrt(squareLeft * squareRight);
  }
}

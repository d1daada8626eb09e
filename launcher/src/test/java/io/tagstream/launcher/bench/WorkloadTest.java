package io.tagstream.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.launcher.world.EventMix;
import io.tagstream.launcher.world.LeadingEvents;
import io.tagstream.launcher.world.PlantedWorld;
import io.tagstream.launcher.world.PlantedWorldConfig;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserTagProfile;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** That benchmarks measure what they say they measure; never how fast it is. */
class WorkloadTest {

  private static final long SEED = 42;

  @Test
  void idsOfAllFieldsAreDistinct() {
    Set<Long> ids = new HashSet<>();
    for (int field = 0; field < LearnerWorkload.FIELDS; field++) {
      for (int value = 0; value < 1_000; value++) {
        ids.add(LearnerWorkload.id(field, value));
      }
    }
    assertThat(ids).hasSize(LearnerWorkload.FIELDS * 1_000);
  }

  @Test
  void aBatchHasOneFeaturePerFieldAndOneTag() {
    LearnerConfig config = LearnerWorkload.plainMvke(2, SEED);
    MicroBatch batch = new LearnerWorkload(config, 2_600, SEED).batches(1, 64).get(0);
    assertThat(batch.impressions()).isEqualTo(64);
    assertThat(batch.rows()).isEqualTo(64);
    assertThat(batch.fieldIds()).hasSize(64 * LearnerWorkload.FIELDS);
  }

  @Test
  void factsComeInOrderOfTimeWithTheSharesOfTheMix() {
    FactStream stream = new FactStream(SEED, 2_000);
    int[] kinds = new int[RecordProfile.KINDS];
    long[] newest = {0};
    for (long tick = 0; tick < 20_000; tick++) {
      stream.facts(
          tick,
          (fact, time) -> {
            assertThat(time).isGreaterThanOrEqualTo(newest[0]);
            newest[0] = time;
            kinds[RecordProfile.kind(fact)]++;
          });
    }
    assertThat(kinds[RecordProfile.OPENED]).isEqualTo(20_000);
    assertThat(kinds[RecordProfile.CLICK] / 20_000.0).isCloseTo(15.0 / 55, within(0.02));
    assertThat(kinds[RecordProfile.STAY] / 20_000.0).isCloseTo(27.0 / 55, within(0.02));
    assertThat(kinds[RecordProfile.CONVERSION] / 20_000.0).isCloseTo(3.0 / 55, within(0.01));
  }

  @Test
  void theProfileOfRecordsGrowsAndSetsTimers() {
    FactStream stream = new FactStream(SEED, 200);
    RecordProfile profile = RecordProfile.of(FeaturesConfig.defaults(), stream, 1_000, 5_000);
    assertThat(profile.size(20)).isGreaterThan(profile.size(1));
    assertThat(profile.timersPerTouch(RecordProfile.CLICK)).isBetween(0.01, 2.0);
    assertThat(profile.wakesPerFact()).isBetween(0.01, 2.0);
    assertThat(profile.keptBytes()).as("impressions that wait for a correction").isPositive();
  }

  @Test
  void theFirstEventsOfTheWorldHaveItsMix() {
    PlantedWorldConfig config =
        PlantedWorldConfig.defaults(SEED).withUsers(300).withRate(10_000, 60);
    TopicCounts counts = new TopicCounts();
    try (LeadingEvents events = LeadingEvents.first(new PlantedWorld(config), 50_000)) {
      while (events.hasNext()) {
        counts.before(events.next());
      }
    }
    assertThat(counts.of(Topic.USERS)).isEqualTo(300);
    EventMix mix = EventMix.DEFAULT;
    assertShare(counts, Topic.IMPRESSIONS, mix.impressions());
    assertShare(counts, Topic.CLICKS, mix.clicks());
    assertShare(counts, Topic.STAYS, mix.stays());
    assertShare(counts, Topic.CONVERSIONS, mix.conversions());
  }

  @Test
  void profilesHaveTheirSizeAndAUserEach() {
    SampleProfiles profiles = new SampleProfiles(SEED);
    UserTagProfile first = profiles.profile(0);
    assertThat(first.getTasks())
        .hasSize(3)
        .allSatisfy(task -> assertThat(task.getTags()).hasSize(10));
    assertThat(profiles.profile(1).getUserId()).isNotEqualTo(first.getUserId());
    assertThat(new SampleProfiles(SEED).profile(0)).isEqualTo(first);
  }

  private static void assertShare(TopicCounts counts, Topic topic, double percent) {
    assertThat((double) counts.mix().get(topic.defaultName())).isCloseTo(percent, within(2.0));
  }
}

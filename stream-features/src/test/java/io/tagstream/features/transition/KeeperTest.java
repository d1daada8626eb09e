package io.tagstream.features.transition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.features.Facts;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserFact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clicked impressions that wait for corrections; their label window is ten minutes long. */
class KeeperTest {

  private static final long T = 1_700_000_000_000L;
  private static final long WINDOW = Duration.ofMinutes(10).toMillis();
  private static final long APART = Duration.ofMinutes(20).toMillis();
  private static final int CLICKS = 400;

  private final List<TrainingSample> samples = new ArrayList<>();
  private final UserTable table = new UserTable(SampleCheck.config(), samples::add);

  @Test
  void theRecordOfWhoClicksHundredsOfTimesStaysSmall() {
    for (int i = 0; i < CLICKS; i++) {
      click(i);
    }
    assertThat(table.keptImpressions()).isEqualTo(CLICKS);
    assertThat(table.openSnapshots).isEqualTo(CLICKS);
    assertThat(table.maxBytes).isLessThan(4_000);
  }

  @Test
  void aCorrectionFindsTheSnapshotAsItWas() {
    for (int i = 0; i < CLICKS; i++) {
      click(i);
    }
    TrainingSample click = samples.get(CLICKS / 2);
    long later = shownAt(CLICKS);
    put(labels(CLICKS / 2, Emission.CORRECTION, later, "conversion"));
    table.advanceTo(later);
    TrainingSample correction = samples.get(samples.size() - 1);
    assertThat(correction.getEmission()).isEqualTo(Emission.CORRECTION);
    assertThat(correction.getImpressionId()).isEqualTo(click.getImpressionId());
    assertThat(correction.getUserFields()).isEqualTo(click.getUserFields());
    assertThat(correction.getPrivileged()).isEqualTo(click.getPrivileged());
    assertThat(correction.getTagWeights()).isEqualTo(click.getTagWeights());
    assertThat(correction.getPseudoLabels()).isEqualTo(click.getPseudoLabels());
    assertThat(table.keptImpressions()).as("it waits for the next one").isEqualTo(CLICKS);
  }

  @Test
  void afterTheHorizonNothingIsLeftAndACorrectionFindsNothing() {
    click(0);
    long horizonEnd = shownAt(0) + Duration.ofDays(7).toMillis();
    table.advanceTo(horizonEnd);
    put(labels(0, Emission.CORRECTION, horizonEnd + 1, "conversion"));
    table.advanceTo(horizonEnd + 1);
    assertThat(samples).hasSize(1);
    assertThat(table.unmatched).isEqualTo(1);
    table.advanceTo(horizonEnd + Duration.ofDays(1).toMillis());
    assertThat(table.keptImpressions()).isZero();
    assertThat(table.openSnapshots).isZero();
  }

  @Test
  void aDeletionForgetsWhatWasShownUpToItsTime() {
    for (int i = 0; i < 10; i++) {
      click(i);
    }
    put(new UserFact("u", new UserDeletion("u", shownAt(6))));
    assertThat(table.keptImpressions()).isEqualTo(3);
    assertThat(table.openSnapshots).isEqualTo(3);
    put(new UserFact("u", new UserDeletion("u", shownAt(10))));
    assertThat(table.keptImpressions()).isZero();
    assertThat(table.records()).isEmpty();
  }

  @Test
  void aLateFactMarksTheSnapshotsThatMissedIt() {
    for (int i = 0; i < 4; i++) {
      click(i);
    }
    put(new UserFact("u", new User("u", shownAt(2), Map.of("city", "c"))));
    long later = shownAt(4);
    for (int i = 0; i < 4; i++) {
      put(labels(i, Emission.CORRECTION, later + i, "conversion"));
    }
    table.advanceTo(later + 4);
    assertThat(samples.subList(4, 8))
        .extracting(TrainingSample::getLate)
        .containsExactly(false, false, false, true);
  }

  private void click(int i) {
    List<String> tags = List.of("tag" + i % 40, "other" + i % 7);
    Map<String, String> privileged = Map.of("category", "k" + i % 30);
    put(Facts.fact(Facts.opened(id(i), shownAt(i), "feed", Map.of(), tags, privileged)));
    put(labels(i, Emission.CLICK, shownAt(i) + 1_000, "click"));
    table.advanceTo(shownAt(i) + WINDOW);
    put(new UserFact("u", new User("u", shownAt(i) + WINDOW + 1, Map.of()))); // wakes the user
  }

  private void put(UserFact fact) {
    table.put(fact);
  }

  private static String id(int i) {
    return "impression" + i;
  }

  private static long shownAt(int i) {
    return T + i * APART;
  }

  private static UserFact labels(int i, Emission emission, long at, String task) {
    return Facts.fact(Facts.label(id(i), shownAt(i), emission, at, task, 1));
  }
}

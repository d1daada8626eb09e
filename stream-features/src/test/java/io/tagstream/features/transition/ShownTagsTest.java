package io.tagstream.features.transition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.features.Facts;
import io.tagstream.features.snapshot.FeatureSchema;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.FeatureBags;
import io.tagstream.schemas.FeatureIds;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserFact;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a snapshot and a score request know of the tags a user was shown. */
class ShownTagsTest {

  private static final long T = 1_700_000_000_000L;

  private final Map<String, TrainingSample> samples = new HashMap<>();
  private final UserTable table =
      new UserTable(SampleCheck.config(), sample -> samples.put(sample.getImpressionId(), sample));

  @Test
  void aSnapshotKnowsWhatWasShownBeforeAndARequestWhatIsShownNow() {
    shown("a", T, "x");
    shown("b", T + 1_000, "y");
    shown("same-moment", T + 1_000, "z");
    click("b", T + 1_000, T + 2_000);
    assertThat(shownTags(table.scoreRequests.get(0).getUserFields()))
        .containsExactlyInAnyOrder(tag("x"), tag("y"), tag("z"));
    click("a", T, T + 3_000);
    table.advanceTo(T + 4_000);
    assertThat(shownTags(samples.get("a").getUserFields())).isEmpty();
    boolean firstOfItsMoment =
        FeatureIds.of("impression", "b") < FeatureIds.of("impression", "same-moment");
    assertThat(shownTags(samples.get("b").getUserFields()))
        .containsExactlyElementsOf(
            firstOfItsMoment ? List.of(tag("x")) : List.of(tag("z"), tag("x")));
  }

  @Test
  void aTagStandsOnceMoreWithEveryDoublingOfItsImpressions() {
    for (int i = 0; i < 5; i++) {
      shown("x" + i, T + i, "x");
    }
    shown("y", T + 10, "y");
    shown("last", T + 20, "z");
    click("last", T + 20, T + 30);
    table.advanceTo(T + 40);
    assertThat(shownTags(samples.get("last").getUserFields()))
        .containsExactly(tag("x"), tag("x"), tag("x"), tag("y"));
  }

  @Test
  void aLateImpressionMarksTheSnapshotsThatMissedIt() {
    shown("before", T, "x");
    shown("after", T + 10_000, "y");
    table.advanceTo(T + 10_000);
    shown("late", T + 5_000, "z");
    click("before", T, T + 20_000);
    click("after", T + 10_000, T + 20_000);
    table.advanceTo(T + 20_000);
    assertThat(samples.get("before").getLate()).isFalse();
    assertThat(samples.get("after").getLate()).isTrue();
  }

  @Test
  void aDeletionForgetsWhatWasShownUpToItsTime() {
    shown("a", T, "x");
    shown("b", T + 10_000, "y");
    table.advanceTo(T + 20_000);
    table.put(new UserFact("u", new UserDeletion("u", T + 5_000)));
    shown("c", T + 30_000, "z");
    click("c", T + 30_000, T + 31_000);
    table.advanceTo(T + 40_000);
    assertThat(shownTags(samples.get("c").getUserFields())).containsExactly(tag("y"));
  }

  private void shown(String id, long time, String tag) {
    table.put(Facts.fact(Facts.opened(id, time, tag)));
  }

  private void click(String id, long shownAt, long at) {
    table.put(Facts.fact(Facts.label(id, shownAt, Emission.CLICK, at, "click", 1)));
  }

  private static long tag(String name) {
    return FeatureIds.ofTag(name);
  }

  private static List<Long> shownTags(FeatureBags bags) {
    List<FeatureSchema.Field> fields = FeatureSchema.of(SampleCheck.config()).fields();
    int from = 0;
    for (int f = 0; !fields.get(f).name().equals("shown.tags"); f++) {
      from += bags.getLengths().get(f);
    }
    int field = fields.stream().map(FeatureSchema.Field::name).toList().indexOf("shown.tags");
    return bags.getIds().subList(from, from + bags.getLengths().get(field));
  }
}

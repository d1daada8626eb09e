package io.tagstream.ingestion.join;

import static io.tagstream.ingestion.join.JoinScenario.MINUTE;
import static io.tagstream.ingestion.join.JoinScenario.SOURCE;
import static io.tagstream.ingestion.join.JoinScenario.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.ingestion.ConversionSpace;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One case for each rule; times in minutes after the impression's. Window 10, horizon 120. */
class LabelJoinTest {

  private final UserImpressions user = new UserImpressions();
  private final MapKeptImpressions kept = new MapKeptImpressions();
  private LabelJoin join = new LabelJoin(JoinScenario.rules(ConversionSpace.ALL), kept);

  private static long at(double minutes) {
    return START + (long) (minutes * MINUTE);
  }

  private JoinOutcome show(double shownAt, double watermark) {
    return join.show(user, new Shown("i", at(shownAt), 7), at(watermark));
  }

  private JoinOutcome click(double when, double watermark) {
    return join.engage(user, Engagement.click("i", at(when), SOURCE), at(watermark));
  }

  private JoinOutcome stay(double when, long millis, double watermark) {
    return join.engage(user, Engagement.stay("i", at(when), millis, SOURCE), at(watermark));
  }

  private JoinOutcome convert(double when, String type, double watermark) {
    return join.engage(user, Engagement.conversion("i", at(when), type, 1, SOURCE), at(watermark));
  }

  private JoinOutcome advance(double watermark) {
    return join.advance(user, at(watermark));
  }

  private void inClickedSpace() {
    join = new LabelJoin(JoinScenario.rules(ConversionSpace.CLICKED), kept);
  }

  private static List<String> said(JoinOutcome out) {
    return out.labels().stream()
        .map(
            fact ->
                fact.kind()
                    + "@"
                    + (fact.timeMillis() - START) / (double) MINUTE
                    + fact.labels().stream()
                        .map(v -> JoinScenario.TASKS.get(v.task()).name() + "=" + v.value())
                        .toList()
                    + (fact.late() ? " late" : "")
                    + (fact.revision() ? " revision" : ""))
        .toList();
  }

  private static List<Refusal.Reason> refused(JoinOutcome out) {
    return out.refusals().stream().map(Refusal::reason).toList();
  }

  @Test
  void positivesAtOnceNegativesAtTheWindowsEnd() {
    assertThat(show(0, -1).opened()).isTrue();
    assertThat(said(click(1, 0))).containsExactly("CLICK@1.0[click=1.0]");
    assertThat(said(stay(2, 1500, 0))).containsExactly("STAY@2.0[stay=1500.0]");
    assertThat(said(advance(9.9))).isEmpty();
    assertThat(said(advance(10))).containsExactly("WINDOW_CLOSE@10.0[buy=0.0, like=0.0]");
  }

  @Test
  void nothingHappenedIsAllNegative() {
    show(0, -1);
    JoinOutcome out = advance(10);
    assertThat(said(out))
        .containsExactly("WINDOW_CLOSE@10.0[click=0.0, buy=0.0, stay=0.0, like=0.0]");
    assertThat(out.labels().get(0).appendTimeMillis()).isNull();
  }

  @Test
  void withEverythingKnownTheWindowsEndSaysNothing() {
    show(0, -1);
    click(0, -1);
    stay(0, 0, -1);
    assertThat(said(convert(0, "subscribe", -1)))
        .containsExactly("CONVERSION@0.0[buy=1.0]", "CONVERSION@0.0[like=1.0]");
    assertThat(advance(10).labels()).isEmpty();
  }

  @Test
  void correctionsOfClickedImpressionsUntilTheHorizon() {
    show(0, -1);
    click(1, 0);
    advance(10);
    assertThat(said(convert(119, "like", 100))).containsExactly("CORRECTION@119.0[like=1.0]");
    assertThat(convert(120, "like", 100).duplicates()).isEqualTo(1);
    assertThat(refused(convert(121, "purchase", 100)))
        .containsExactly(Refusal.Reason.LATE_CONVERSION);
    assertThat(refused(convert(119, "purchase", 120)))
        .containsExactly(Refusal.Reason.LATE_CONVERSION);
  }

  @Test
  void aConversionRetainsItsImpressionInTheSpaceOfAllOnly() {
    show(0, -1);
    convert(1, "like", 0);
    advance(10);
    assertThat(said(convert(60, "purchase", 50))).containsExactly("CORRECTION@60.0[buy=1.0]");
  }

  @Test
  void anEarlyCorrectionWaitsForTheNegativeItCorrects() {
    show(0, -1);
    assertThat(convert(10.5, "like", 9).labels()).isEmpty();
    click(1, 9.5);
    assertThat(said(advance(10)))
        .containsExactly(
            "WINDOW_CLOSE@10.0[buy=0.0, stay=0.0, like=0.0]", "CORRECTION@10.5[like=1.0]");
  }

  @Test
  void anEarlyCorrectionOfAnUnclickedImpressionIsTooLate() {
    show(0, -1);
    convert(10.5, "like", 9);
    assertThat(refused(advance(10))).containsExactly(Refusal.Reason.LATE_CONVERSION);
  }

  @Test
  void inTheClickedSpaceTheClickMakesTheConversionsLabel() {
    inClickedSpace();
    show(0, -1);
    assertThat(convert(1, "like", 0).labels()).isEmpty();
    assertThat(said(click(2, 0)))
        .containsExactly("CLICK@2.0[click=1.0]", "CONVERSION@2.0[like=1.0]");
    assertThat(said(click(1.5, 0)))
        .containsExactly("CLICK@1.5[click=1.0] revision", "CONVERSION@1.5[like=1.0] revision");
  }

  @Test
  void inTheClickedSpaceWithoutAClickThereIsNoConversionLabel() {
    inClickedSpace();
    show(0, -1);
    assertThat(convert(1, "like", 0).matched()).isEqualTo(1);
    assertThat(said(advance(10))).containsExactly("WINDOW_CLOSE@10.0[click=0.0, stay=0.0]");
    assertThat(refused(convert(11, "like", 10))).containsExactly(Refusal.Reason.LATE_CONVERSION);
  }

  @Test
  void earlierOnesThatComeSecondRevise() {
    show(0, -1);
    click(3, 0);
    assertThat(said(click(2, 0))).containsExactly("CLICK@2.0[click=1.0] revision");
    assertThat(click(2, 0).duplicates()).isEqualTo(1);
    assertThat(click(4, 0).duplicates()).isEqualTo(1);
    stay(3, 50, 0);
    assertThat(said(stay(3, 40, 0))).containsExactly("STAY@3.0[stay=40.0] revision");
    assertThat(stay(3, 60, 0).duplicates()).isEqualTo(1);
    convert(5, "purchase", 0);
    assertThat(said(convert(4, "subscribe", 0)))
        .containsExactly("CONVERSION@4.0[buy=1.0] revision", "CONVERSION@4.0[like=1.0]");
  }

  @Test
  void engagementsWaitForTheirImpression() {
    click(1, 0);
    stay(2, 5, 0);
    assertThat(user.open()).isEqualTo(2);
    assertThat(click(1, 0).duplicates()).isEqualTo(1);
    JoinOutcome out = show(0, -1);
    assertThat(said(out)).containsExactly("CLICK@1.0[click=1.0]", "STAY@2.0[stay=5.0]");
    assertThat(user.open()).isEqualTo(1);
  }

  @Test
  void engagementsWithoutImpressionAreUnknownWhenNoneCouldBeOpenedAnyMore() {
    click(1, 0);
    assertThat(advance(10.9).refusals()).isEmpty();
    JoinOutcome out = advance(11);
    assertThat(refused(out)).containsExactly(Refusal.Reason.UNKNOWN_IMPRESSION);
    assertThat(out.refusals().get(0).engagement()).isEqualTo(Engagement.click("i", at(1), SOURCE));
    assertThat(refused(click(1, 12))).containsExactly(Refusal.Reason.UNKNOWN_IMPRESSION);
    assertThat(user.isEmpty()).isTrue();
  }

  @Test
  void tooLateForTheWindow() {
    show(0, -1);
    assertThat(refused(click(10.1, 9))).containsExactly(Refusal.Reason.LATE_CLICK);
    assertThat(refused(stay(10.1, 1, 9))).containsExactly(Refusal.Reason.LATE_STAY);
    // Closed and not retained, but still remembered:
    assertThat(refused(click(9, 15))).containsExactly(Refusal.Reason.LATE_CLICK);
    assertThat(refused(convert(15, "like", 19))).containsExactly(Refusal.Reason.LATE_CONVERSION);
    // Forgotten:
    assertThat(refused(click(9, 20))).containsExactly(Refusal.Reason.UNKNOWN_IMPRESSION);
  }

  @Test
  void behindTheWatermarkStillCountsWhileOpen() {
    JoinOutcome shown = show(0, 5);
    assertThat(shown.openedLate()).isTrue();
    assertThat(said(click(1, 5))).containsExactly("CLICK@1.0[click=1.0] late");
    assertThat(said(convert(5.1, "like", 5))).containsExactly("CONVERSION@5.1[like=1.0]");
    advance(10);
    assertThat(said(convert(6, "purchase", 50))).containsExactly("CORRECTION@6.0[buy=1.0] late");
    assertThat(refused(stay(6, 1, 50))).containsExactly(Refusal.Reason.LATE_STAY);
  }

  @Test
  void impressionsThatCannotBePlaced() {
    assertThat(refused(show(0, 10))).containsExactly(Refusal.Reason.LATE_IMPRESSION);
    assertThat(user.isEmpty()).isTrue();
    show(0, 9);
    assertThat(show(0, 9).duplicates()).isEqualTo(1);
    assertThat(refused(join.show(user, new Shown("i", at(0), 8), at(9))))
        .containsExactly(Refusal.Reason.CONFLICTING_CONTENT);
    assertThat(refused(join.show(user, new Shown("i", at(1), 7), at(9))))
        .containsExactly(Refusal.Reason.CONFLICTING_CONTENT);
    assertThat(refused(click(-1, -2))).containsExactly(Refusal.Reason.BEFORE_IMPRESSION);
  }

  @Test
  void forgettingTakesWhatWasShownAndRefusesWhatComes() {
    show(0, -1);
    click(1, -1);
    convert(11, "like", -1);
    JoinOutcome out = join.forget(user, at(2), at(-1));
    assertThat(out.closed()).isEqualTo(1);
    assertThat(refused(out)).containsExactly(Refusal.Reason.USER_DELETED);
    assertThat(user.open()).isZero();
    assertThat(refused(show(2, 0))).containsExactly(Refusal.Reason.USER_DELETED);
    assertThat(refused(click(2, 0))).containsExactly(Refusal.Reason.USER_DELETED);
    assertThat(show(2.1, 0).opened()).isTrue();
    advance(30);
    assertThat(join.nextDeadline(user)).isEqualTo(at(122));
    advance(122);
    assertThat(user.isEmpty()).isTrue();
  }

  @Test
  void oneJumpOfTimeIsAsGoodAsManySteps() {
    show(0, -1);
    click(1, 0);
    convert(60, "like", 0);
    JoinOutcome out = advance(1000);
    assertThat(said(out))
        .containsExactly(
            "WINDOW_CLOSE@10.0[buy=0.0, stay=0.0, like=0.0]", "CORRECTION@60.0[like=1.0]");
    assertThat(user.isEmpty()).isTrue();
    assertThat(join.nextDeadline(user)).isEqualTo(LabelJoin.NEVER);
  }

  @Test
  void closedImpressionsLieBesideTheUserUntilTheirHorizon() {
    show(0, 0);
    click(1, 1);
    advance(10);
    assertThat(user.impressions).isEmpty();
    assertThat(kept.byId).containsOnlyKeys("i");
    assertThat(show(0, 11).duplicates()).as("a repeated impression").isEqualTo(1);
    assertThat(said(convert(119, "purchase", 118))).containsExactly("CORRECTION@119.0[buy=1.0]");
    assertThat(convert(119, "purchase", 119).duplicates()).isEqualTo(1);
    assertThat(kept.byId).containsOnlyKeys("i");
    assertThat(convert(121, "like", 121).refusals())
        .extracting(Refusal::reason)
        .containsExactly(Refusal.Reason.LATE_CONVERSION);
    advance(140);
    assertThat(kept.byId).isEmpty();
    assertThat(user.isEmpty()).isTrue();
  }

  @Test
  void aDeletionForgetsWhatLiesBesideTheUserToo() {
    show(0, 0);
    click(1, 1);
    advance(10);
    join.forget(user, at(0), at(11));
    assertThat(kept.byId).isEmpty();
    advance(120);
    assertThat(user.isEmpty()).isTrue();
  }
}

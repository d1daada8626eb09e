package io.tagstream.profile.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.profile.ProfileCause;
import io.tagstream.profile.ProfileConfig;
import io.tagstream.profile.ProfileContent;
import io.tagstream.profile.ScoredTag;
import io.tagstream.profile.TaskRanking;
import io.tagstream.profile.publish.Transition.Outcome;
import io.tagstream.profile.select.ProfileDifference;
import io.tagstream.profile.state.UserProfileState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ProfilePublisherTest {

  private static final long NOW = 1_735_689_600_000L;
  private static final float THRESHOLD = 0.125f;
  private static final ProfilePublisher PUBLISHER =
      new ProfilePublisher(
          new ProfileConfig(2, THRESHOLD, Duration.ofSeconds(1), 3, Set.of(), Set.of()));

  @Test
  void theFirstProfileIsAlwaysPublished() {
    Transition first = scored(UserProfileState.EMPTY, NOW, cause(5), tag("a", 0.5f));
    assertThat(first.outcome()).isEqualTo(Outcome.PUBLISHED);
    assertThat(first.publication().version()).isEqualTo(NOW << 16);
    assertThat(first.publication().eventTimeMillis()).isEqualTo(5);
    assertThat(first.publication().moves()).hasSize(1);
    assertThat(first.state().causes()).isEmpty();
    // Even one without tags: the user is known from now on.
    assertThat(scored(UserProfileState.EMPTY, NOW, cause(5)).outcome())
        .isEqualTo(Outcome.PUBLISHED);
  }

  @Test
  void repeatsAndSmallMovesAreSuppressedAndTheirCausesKept() {
    UserProfileState state = scored(UserProfileState.EMPTY, NOW, cause(1), tag("a", 0.5f)).state();
    Transition repeat = scored(state, NOW + 5_000, cause(2), tag("a", 0.5f));
    assertThat(repeat.outcome()).isEqualTo(Outcome.UNCHANGED);
    Transition small = scored(repeat.state(), NOW + 6_000, cause(3), tag("a", 0.625f));
    assertThat(small.outcome()).isEqualTo(Outcome.UNCHANGED);
    Transition moved = scored(small.state(), NOW + 7_000, cause(4), tag("a", 0.75f));
    assertThat(moved.outcome()).isEqualTo(Outcome.PUBLISHED);
    assertThat(moved.publication().causes()).containsExactly(cause(2), cause(3), cause(4));
  }

  @Test
  void slowDriftIsMeasuredFromWhatWasPublished() {
    UserProfileState state = scored(UserProfileState.EMPTY, NOW, cause(1), tag("a", 0.5f)).state();
    int published = 0;
    for (int i = 1; i <= 8; i++) {
      Transition next = scored(state, NOW + i * 5_000L, cause(i), tag("a", 0.5f + i / 16f));
      published += next.outcome() == Outcome.PUBLISHED ? 1 : 0;
      state = next.state();
    }
    assertThat(published).isEqualTo(2); // at +3/16 and +6/16
  }

  @Test
  void withinTheIntervalAChangeWaitsAndTheLastOneIsPublished() {
    UserProfileState state = scored(UserProfileState.EMPTY, NOW, cause(1), tag("a", 0.5f)).state();
    Transition second = scored(state, NOW + 10, cause(2), tag("b", 0.5f));
    assertThat(second.outcome()).isEqualTo(Outcome.RATE_LIMITED);
    assertThat(second.state().pending().dueMillis()).isEqualTo(NOW + 1_000);
    Transition third = scored(second.state(), NOW + 20, cause(3), tag("c", 0.5f));
    assertThat(PUBLISHER.due(third.state(), at(NOW + 999)).outcome())
        .isEqualTo(Outcome.NOTHING_DUE);
    Transition due = PUBLISHER.due(third.state(), at(NOW + 1_000));
    assertThat(due.publication().content().rankings().get(0).tags())
        .containsExactly(tag("c", 0.5f));
    assertThat(due.publication().causes()).containsExactly(cause(2), cause(3));
    assertThat(PUBLISHER.due(due.state(), at(NOW + 2_000)).outcome())
        .isEqualTo(Outcome.NOTHING_DUE);
  }

  @Test
  void aChangeTakenBackInTimeIsNone() {
    UserProfileState state = scored(UserProfileState.EMPTY, NOW, cause(1), tag("a", 0.5f)).state();
    Transition away = scored(state, NOW + 10, cause(2), tag("a", 0.9f));
    Transition back = scored(away.state(), NOW + 20, cause(3), tag("a", 0.5f));
    assertThat(back.outcome()).isEqualTo(Outcome.UNCHANGED);
    assertThat(back.state().pending()).isNull();
    assertThat(PUBLISHER.flush(back.state(), at(NOW + 30)).outcome())
        .isEqualTo(Outcome.NOTHING_DUE);
  }

  @Test
  void flushPublishesWhatWaitsAndNothingElse() {
    UserProfileState state = scored(UserProfileState.EMPTY, NOW, cause(1), tag("a", 0.5f)).state();
    assertThat(PUBLISHER.flush(state, at(NOW)).outcome()).isEqualTo(Outcome.NOTHING_DUE);
    state = scored(state, NOW + 10, cause(2), tag("b", 0.5f)).state();
    assertThat(PUBLISHER.flush(state, at(NOW + 11)).outcome()).isEqualTo(Outcome.PUBLISHED);
  }

  @Test
  void aClockSetBackDelaysByOneIntervalAtMostAndNoVersionGoesBack() {
    UserProfileState state = scored(UserProfileState.EMPTY, NOW, cause(1), tag("a", 0.5f)).state();
    long earlier = NOW - 3_600_000;
    Transition waiting = scored(state, earlier, cause(2), tag("b", 0.5f));
    assertThat(waiting.state().pending().dueMillis()).isEqualTo(earlier + 1_000);
    // A later candidate does not push it further away.
    waiting = scored(waiting.state(), earlier + 500, cause(3), tag("c", 0.5f));
    Transition due = PUBLISHER.due(waiting.state(), at(earlier + 1_000));
    assertThat(due.publication().version()).isEqualTo((NOW << 16) + 1);
  }

  @Test
  void scoresThatAreNoNumbersLeaveTheProfileStanding() {
    UserProfileState state = scored(UserProfileState.EMPTY, NOW, cause(1), tag("a", 0.5f)).state();
    Transition refused = scored(state, NOW + 5_000, cause(2), tag("a", Float.NaN));
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.state().published()).isEqualTo(state.published());
    assertThat(refused.state().causes()).containsExactly(cause(2));
  }

  @Test
  void causesAreBoundedOrderedAndNamedOnce() {
    UserProfileState state = scored(UserProfileState.EMPTY, NOW, cause(1), tag("a", 0.5f)).state();
    for (long time : List.of(5L, 3L, 9L, 5L, 7L)) {
      state = scored(state, NOW + 5_000, cause(time), tag("a", 0.5f)).state();
    }
    assertThat(state.causes()).containsExactly(cause(5), cause(7), cause(9));
  }

  @Test
  void versionsRiseOverTwoRestoresOfOneCheckpoint() {
    UserProfileState checkpoint =
        scored(UserProfileState.EMPTY, NOW, cause(1), tag("a", 0.5f)).state();
    long highest = checkpoint.version();
    for (int kill = 1; kill <= 2; kill++) {
      UserProfileState state = checkpoint;
      for (int i = 0; i < 5; i++) {
        Transition next =
            scored(state, NOW + kill * 20_000L + i * 2_000L, cause(i), tag("t" + i, 0.5f));
        assertThat(next.publication().version()).isGreaterThan(highest);
        highest = next.publication().version();
        state = next.state();
      }
    }
  }

  @Property(tries = 100, seed = "20250103")
  void whatIsPublishedInTheEndIsTheLastCandidateUpToTheThreshold(@ForAll long seed) {
    Random random = new Random(seed);
    UserProfileState state = UserProfileState.EMPTY;
    long now = NOW;
    List<Long> times = new ArrayList<>();
    List<TaskRanking> last = List.of();
    for (int i = 0; i < 60; i++) {
      now += random.nextInt(700);
      Transition next =
          random.nextInt(4) == 0
              ? PUBLISHER.due(state, at(now))
              : scored(
                  state,
                  now,
                  cause(i),
                  tag("a", random.nextInt(4) / 4f),
                  tag("b", random.nextInt(4) / 4f));
      if (next.publication() != null) {
        times.add(now);
        assertThat(next.publication().version()).isGreaterThan(state.version());
      }
      if (next.state().pending() != null) {
        last = next.state().pending().content().rankings();
      } else if (next.state().published() != null) {
        last = next.state().published().rankings();
      }
      state = next.state();
    }
    Transition end = PUBLISHER.flush(state, at(now));
    if (end.state().published() != null) {
      assertThat(ProfileDifference.between(last, end.state().published().rankings(), 0)).isEmpty();
    }
    for (int i = 1; i < times.size(); i++) {
      assertThat(times.get(i) - times.get(i - 1)).isGreaterThanOrEqualTo(1_000);
    }
  }

  private static Transition scored(
      UserProfileState state, long now, ProfileCause cause, ScoredTag... tags) {
    return PUBLISHER.scored(
        state,
        new ProfileContent(
            cause.eventTimeMillis(),
            "m",
            1,
            "NEW",
            List.of(),
            List.of(new TaskRanking("click", List.of(tags)))),
        List.of(cause),
        at(now));
  }

  private static Now at(long millis) {
    return new Now(millis, millis);
  }

  private static ProfileCause cause(long time) {
    return new ProfileCause("CLICK", "i" + time, "v", List.of("a"), time, time + 1);
  }

  private static ScoredTag tag(String name, float score) {
    return new ScoredTag(name, score);
  }
}

package io.tagstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class TopicProgressTest {

  private static final long KEPT = 1_000;
  private static final long NO_SWEEP = PartitionProgress.NO_SWEEP;

  private static TopicView view(long atMillis, long begin, long end) {
    return new TopicView(new Uuid(1, 2), atMillis, Map.of(0, new OffsetRange(begin, end)));
  }

  private static TopicProgress stored(long nextOffset, long asOfMillis) {
    return new TopicProgress(Map.of(0, new PartitionProgress(nextOffset, 4, NO_SWEEP, asOfMillis)));
  }

  @Test
  void theFirstStartBeginsWhereItIsTold() {
    TopicProgress all = new TopicProgress(Map.of());
    assertThat(all.take(view(50, 3, 9), StartFrom.BEGINNING, true, KEPT, Set.of()))
        .containsExactly(0);
    assertThat(all.of(0)).isEqualTo(new PartitionProgress(3, 0, NO_SWEEP, 50));
    assertThat(all.caughtUp()).isFalse();

    TopicProgress now = new TopicProgress(Map.of());
    now.take(view(50, 3, 9), StartFrom.NOW, true, KEPT, Set.of());
    assertThat(now.of(0)).isEqualTo(new PartitionProgress(9, 0, NO_SWEEP, 50));
    assertThat(now.caughtUp()).isTrue();
  }

  @Test
  void goesOnWhereItWasAndIsAsOfTheGoalItReaches() {
    TopicProgress progress = stored(5, 100);
    assertThat(progress.take(view(1_099, 0, 7), StartFrom.BEGINNING, true, KEPT, Set.of()))
        .isEmpty();
    progress.moveTo(0, 6);
    assertThat(progress.of(0).asOfMillis()).isEqualTo(100);
    assertThat(progress.caughtUp()).isFalse();
    // A later look does not push the goal away.
    progress.take(view(1_500, 0, 20), StartFrom.BEGINNING, false, KEPT, Set.of());
    progress.moveTo(0, 7);
    assertThat(progress.of(0)).isEqualTo(new PartitionProgress(7, 4, NO_SWEEP, 1_099));
    assertThat(progress.caughtUp()).isTrue();
  }

  @Test
  void isReadAgainAfterLongerThanTombstonesAreKept() {
    TopicProgress progress = stored(5, 100);
    assertThat(progress.take(view(1_100, 0, 7), StartFrom.BEGINNING, true, KEPT, Set.of()))
        .containsExactly(0);
    assertThat(progress.of(0)).isEqualTo(new PartitionProgress(0, 5, 7, 1_100));
    progress.moveTo(0, 6);
    assertThat(progress.dueForSweep()).isEmpty();
    progress.moveTo(0, 7);
    assertThat(progress.dueForSweep()).containsExactly(0);
    assertThat(progress.caughtUp()).isFalse();
    progress.swept(Set.of(0));
    assertThat(progress.dueForSweep()).isEmpty();
    assertThat(progress.caughtUp()).isTrue();
  }

  @Test
  void isNotReadAgainWhereNothingCameMeanwhileOrItWasFollowed() {
    TopicProgress quiet = stored(7, 100);
    assertThat(quiet.take(view(9_000, 0, 7), StartFrom.BEGINNING, true, KEPT, Set.of())).isEmpty();
    assertThat(quiet.of(0).asOfMillis()).isEqualTo(9_000);

    TopicProgress slow = stored(5, 100);
    assertThat(slow.take(view(9_000, 0, 7), StartFrom.BEGINNING, false, KEPT, Set.of())).isEmpty();
  }

  @Test
  void isReadAgainWhereItsPositionIsGoneOrLost() {
    TopicProgress gone = stored(5, 100);
    assertThat(gone.take(view(101, 6, 7), StartFrom.BEGINNING, false, KEPT, Set.of()))
        .containsExactly(0);
    assertThat(gone.of(0)).isEqualTo(new PartitionProgress(6, 5, 7, 101));

    TopicProgress lost = stored(5, 100);
    assertThat(lost.take(view(101, 0, 3), StartFrom.BEGINNING, false, KEPT, Set.of(0)))
        .containsExactly(0);
    assertThat(lost.of(0)).isEqualTo(new PartitionProgress(0, 5, 3, 101));
  }
}

package io.tagstream.learner.flink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChampionshipTest {

  private final Championship a = new Championship("a", "a");
  private final Championship b = new Championship("b", "a");

  @Test
  void theChampionPublishesUntilTheCheckpointBehindAPromotion() {
    assertThat(a.isChampion()).isTrue();
    assertThat(b.isChampion()).isFalse();
    assertThat(a.barrier(1)).isFalse();
    a.promote("b");
    b.promote("b");
    assertThat(a.isChampion()).isTrue();
    assertThat(b.isChampion()).isFalse();
    assertThat(a.barrier(2)).isTrue();
    assertThat(b.barrier(2)).isTrue();
    assertThat(a.isChampion()).isFalse();
    assertThat(a.isSteppingDown()).isTrue();
    assertThat(b.isChampion()).isTrue();
    assertThat(b.isSteppingDown()).isFalse();
    a.completed(2);
    assertThat(a.isSteppingDown()).isFalse();
    assertThat(a.aborted(2)).isFalse();
    assertThat(a.isChampion()).isFalse();
  }

  @Test
  void whatIsToldFirstIsInForceAtOnce() {
    Championship told = new Championship("a", null);
    assertThat(told.isKnown()).isFalse();
    assertThat(told.isChampion()).isFalse();
    told.promote("a");
    assertThat(told.isKnown()).isTrue();
    assertThat(told.isChampion()).isTrue();
    assertThat(told.barrier(1)).isFalse();
  }

  @Test
  void ofSeveralPromotionsTheLastCounts() {
    a.promote("b");
    a.promote("a");
    assertThat(a.barrier(1)).isTrue();
    assertThat(a.isChampion()).isTrue();
    assertThat(a.isSteppingDown()).isFalse();
  }

  @Test
  void anAbortedCheckpointTakesItsChangeBackUntilTheNext() {
    a.promote("b");
    b.promote("b");
    a.barrier(1); // b never saw it
    assertThat(a.aborted(1)).isTrue();
    assertThat(b.aborted(1)).isFalse();
    assertThat(a.isChampion()).isTrue();
    assertThat(a.barrier(2)).isTrue();
    assertThat(b.barrier(2)).isTrue();
    assertThat(a.isChampion()).isFalse();
    assertThat(b.isChampion()).isTrue();
  }

  @Test
  void anAbortDoesNotOverruleALaterPromotion() {
    b.promote("b");
    b.barrier(1);
    b.promote("c");
    b.aborted(1);
    b.barrier(2);
    assertThat(b.isChampion()).isFalse();
  }
}

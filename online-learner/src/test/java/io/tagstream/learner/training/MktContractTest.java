package io.tagstream.learner.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.MktConfig;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.Network;
import io.tagstream.learner.model.Parameter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MktContractTest extends TagModelContract {

  /** Within every test that trains, some steps are before the first swap and some behind it. */
  private static final int REFRESH_STEPS = 3;

  @Override
  Network network() {
    return Network.MKT;
  }

  @Override
  int privileged() {
    return 2;
  }

  @Override
  String entity(long impression) {
    return impression % 3 == 0 ? "post" : "item";
  }

  @Override
  LearnerConfig config() {
    LearnerConfig config = super.config();
    return config.withModel(
        config
            .model()
            .withMultiTask(new ModelConfig.MultiTask(1, 1, 1, List.of(8), 0))
            .withMkt(
                new MktConfig(
                    "item",
                    1,
                    2,
                    MktConfig.Cross.PAPER,
                    5,
                    MktConfig.Polarisation.COSINE,
                    0.1f,
                    0.3f,
                    REFRESH_STEPS)));
  }

  @Test
  void theCopyIsSwappedEverySoManySteps() {
    try (Trainer trainer = new Trainer(config())) {
      for (int n = 1; n <= 7; n++) {
        StepReport report = trainer.step(batch(n, 16), HALVES);
        assertThat(report.copySwaps()).isEqualTo(n / REFRESH_STEPS);
      }
      assertThat(trainer.copySwaps()).isEqualTo(2);
    }
  }

  @Test
  void theCopyStandsStillBetweenSwapsAndComesBackWithTheState() {
    TrainerCapture capture;
    float[] taken;
    try (Trainer trainer = new Trainer(config())) {
      assertThat(copied(trainer)).as("initial").isEqualTo(live(trainer));
      steps(trainer, 1, REFRESH_STEPS);
      taken = copied(trainer);
      assertThat(taken).isEqualTo(live(trainer));
      steps(trainer, REFRESH_STEPS + 1, REFRESH_STEPS + 2);
      assertThat(copied(trainer)).isEqualTo(taken).isNotEqualTo(live(trainer));
      capture = trainer.capture();
    }
    try (Trainer restored = new Trainer(config())) {
      restored.restore(capture);
      assertThat(copied(restored)).isEqualTo(taken);
      assertThat(restored.copySwaps()).isEqualTo(1);
      steps(restored, REFRESH_STEPS + 3, REFRESH_STEPS + 3);
      assertThat(restored.copySwaps()).isEqualTo(2);
    }
  }

  private void steps(Trainer trainer, int from, int to) {
    for (int n = from; n <= to; n++) {
      assertThat(trainer.step(batch(n, 16), HALVES).applied()).isTrue();
    }
  }

  private static float[] copied(Trainer trainer) {
    return values(trainer.copiedParameters());
  }

  /** Those live parameters that are copied. */
  private static float[] live(Trainer trainer) {
    Set<String> names =
        trainer.copiedParameters().stream().map(Parameter::name).collect(Collectors.toSet());
    List<Parameter> live =
        trainer.parameters().stream().filter(each -> names.contains(each.name())).toList();
    return values(live);
  }

  private static float[] values(List<Parameter> parameters) {
    float[] all = new float[parameters.stream().mapToInt(Parameter::size).sum()];
    int at = 0;
    for (Parameter parameter : parameters) {
      System.arraycopy(parameter.values(), 0, all, at, parameter.size());
      at += parameter.size();
    }
    return all;
  }

  @Test
  void onlyStatesWithACopyHaveTheirVersion() {
    try (Trainer trainer = new Trainer(config())) {
      trainer.step(batch(1, 8), HALVES);
      TrainerCapture capture = trainer.capture();
      assertThat(ByteBuffer.wrap(capture.header()).getInt()).isEqualTo(2);
      byte[] older = capture.header().clone();
      older[3] = 1;
      assertThatThrownBy(() -> trainer.restore(new TrainerCapture(older, capture.pages())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("version 1 - that of the configured network is 2");
    }
    LearnerConfig other = config().withModel(ModelConfig.of(Network.PLE));
    try (Trainer trainer = new Trainer(other)) {
      trainer.step(batch(1, 8), HALVES);
      assertThat(ByteBuffer.wrap(trainer.capture().header()).getInt()).isEqualTo(1);
    }
  }
}

package io.tagstream.learner.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.MktConfig;
import io.tagstream.learner.ModelConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The combination between two kinds of items; with units it stands its contract elsewhere. */
class CombinedTransferContractTest extends CombinedContractTest {

  private static final int REFRESH_STEPS = 3;

  @Override
  String entity(long impression) {
    return impression % 3 == 0 ? "post" : "item";
  }

  @Override
  LearnerConfig config() {
    LearnerConfig config = super.config();
    ModelConfig model = config.model();
    MktConfig mkt = model.mkt();
    return config.withModel(
        model
            .withCombined(new ModelConfig.Combined(List.of(), true))
            .withMkt(
                new MktConfig(
                    "item",
                    mkt.sequenceField(),
                    mkt.sequenceLength(),
                    mkt.cross(),
                    mkt.alignment(),
                    mkt.polarisation(),
                    mkt.polarisationWeight(),
                    mkt.missingRate(),
                    REFRESH_STEPS)));
  }

  @Test
  void theCopyIsSwappedEverySoManySteps() {
    try (Trainer trainer = new Trainer(config())) {
      for (int n = 1; n <= 7; n++) {
        assertThat(trainer.step(batch(n, 16), HALVES).copySwaps()).isEqualTo(n / REFRESH_STEPS);
      }
    }
  }
}

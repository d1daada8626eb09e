package io.tagstream.learner.training;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.ModelConfig.Dtn;
import io.tagstream.learner.Network;
import java.util.List;
import java.util.Map;

class DtnContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.DTN;
  }

  /** Small units, of which not every module has all. */
  @Override
  LearnerConfig config() {
    LearnerConfig config = super.config();
    return config.withModel(
        config
            .model()
            .withDtn(
                new Dtn(
                    List.of(Dtn.Unit.values()),
                    Map.of(config.tasks().get(1).name(), List.of(Dtn.Unit.GDCN)),
                    8,
                    new Dtn.Gdcn(2, 4),
                    new Dtn.MaskNet(12, 8),
                    new Dtn.MemoNet(1, 64, 2, true, Dtn.Restoring.AMR, List.of(1)),
                    false)));
  }
}

package io.tagstream.learner.training;

import io.tagstream.learner.DtnConfig;
import io.tagstream.learner.LearnerConfig;
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
                new DtnConfig(
                    List.of(DtnConfig.Unit.values()),
                    Map.of(config.tasks().get(1).name(), List.of(DtnConfig.Unit.GDCN)),
                    8,
                    new DtnConfig.Gdcn(2, 4),
                    new DtnConfig.MaskNet(12, 8),
                    new DtnConfig.MemoNet(1, 64, 2, true, DtnConfig.Restoring.AMR, List.of(1)),
                    false)));
  }
}

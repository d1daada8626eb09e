package io.tagstream.learner.training;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.Network;

class CtmvmSingleMapContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.CTMVM;
  }

  @Override
  int privileged() {
    return 2;
  }

  @Override
  LearnerConfig config() {
    LearnerConfig config = super.config();
    return config.withModel(
        config.model().withCtmvm(new ModelConfig.Ctmvm(ModelConfig.Mapping.PKM, 1, 0.05f, false)));
  }
}

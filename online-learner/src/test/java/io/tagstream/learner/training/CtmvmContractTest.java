package io.tagstream.learner.training;

import io.tagstream.learner.Network;

class CtmvmContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.CTMVM;
  }

  @Override
  int privileged() {
    return 2;
  }
}

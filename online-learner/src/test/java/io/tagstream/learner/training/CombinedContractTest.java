package io.tagstream.learner.training;

import io.tagstream.learner.Network;

class CombinedContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.COMBINED;
  }

  @Override
  int privileged() {
    return 2;
  }
}

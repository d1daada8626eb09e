package io.tagstream.learner.training;

import io.tagstream.learner.Network;

class MoeContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.MOE;
  }
}

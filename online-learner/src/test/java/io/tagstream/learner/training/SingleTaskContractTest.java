package io.tagstream.learner.training;

import io.tagstream.learner.Network;

class SingleTaskContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.SINGLE_TASK;
  }
}

package io.tagstream.learner.training;

import io.tagstream.learner.Network;

class MmoeContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.MMOE;
  }
}

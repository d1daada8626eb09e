package io.tagstream.learner.training;

import io.tagstream.learner.Network;

class AitmContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.AITM;
  }
}

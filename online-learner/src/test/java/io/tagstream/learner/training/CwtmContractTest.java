package io.tagstream.learner.training;

import io.tagstream.learner.Network;

class CwtmContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.CWTM;
  }
}

package io.tagstream.learner.training;

import io.tagstream.learner.Network;

class UtpmContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.UTPM;
  }
}

package io.tagstream.learner.training;

import io.tagstream.learner.Network;

class PleContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.PLE;
  }
}

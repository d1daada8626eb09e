package io.tagstream.learner.training;

import io.tagstream.learner.Network;

class MvkeContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.MVKE;
  }
}

package io.tagstream.learner.training;

import io.tagstream.learner.Network;

class SharedBottomContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.SHARED_BOTTOM;
  }
}

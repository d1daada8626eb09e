package io.tagstream.learner.training;

import io.tagstream.learner.Network;

class TwoTowerContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.TWO_TOWER;
  }
}

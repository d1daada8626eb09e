package io.tagstream.learner.training;

class TwoTowerContractTest extends TagModelContract {
  @Override
  String model() {
    return "two-tower";
  }
}

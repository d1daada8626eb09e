package io.tagstream.learner.training;

class MvkeContractTest extends TagModelContract {
  @Override
  String model() {
    return "mvke";
  }
}

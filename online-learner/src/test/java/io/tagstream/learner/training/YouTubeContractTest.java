package io.tagstream.learner.training;

import io.tagstream.learner.Network;

class YouTubeContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.YOUTUBE;
  }
}

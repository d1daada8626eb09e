package io.tagstream.learner.model;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

/** A native scope for tests of networks. */
final class Tensors {

  private Tensors() {}

  static NDManager cpu() {
    NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch");
    JniUtils.setNumThreads(1);
    return manager;
  }
}

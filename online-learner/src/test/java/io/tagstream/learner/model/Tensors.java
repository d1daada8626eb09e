package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

/** A native scope for tests of networks. */
final class Tensors {

  private Tensors() {}

  /** Whether a gradient other than zero came to a leaf. */
  static boolean reached(NDArray leaf) {
    float[] gradient = new float[Math.toIntExact(leaf.size())];
    if (!Weights.readGradient(leaf, gradient)) {
      return false;
    }
    for (float g : gradient) {
      if (g != 0) {
        return true;
      }
    }
    return false;
  }

  static NDManager cpu() {
    NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch");
    JniUtils.setNumThreads(1);
    return manager;
  }
}

package io.tagstream.learner.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The native side of this process: engine, device, threads, allocator. */
final class NativeRuntime {

  private static final Logger LOG = LoggerFactory.getLogger(NativeRuntime.class);
  private static final String ENGINE = "PyTorch";
  private static final int M_TRIM_THRESHOLD = -1;
  private static final int M_MMAP_MAX = -4;
  private static boolean allocatorTuned;

  private NativeRuntime() {}

  /** The C library's allocator settings. */
  interface CLibrary extends Library {
    int mallopt(int parameter, int value);
  }

  /**
   * A root for a trainer's tensors.
   *
   * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}
   * @throws IllegalArgumentException when the device is not there
   */
  static NDManager newManager(String device) {
    tuneAllocator();
    return NDManager.newBaseManager(resolve(device), ENGINE);
  }

  /**
   * Sets the native threads of operations that the calling thread starts. libtorch keeps the number
   * per calling thread.
   */
  static void useThreads(int threads) {
    if (JniUtils.getNumThreads() != threads) {
      JniUtils.setNumThreads(threads);
    }
  }

  private static Device resolve(String device) {
    int gpus = device.equals("cpu") ? 0 : Engine.getEngine(ENGINE).getGpuCount();
    if (device.equals("cpu") || (device.equals("auto") && gpus == 0)) {
      return Device.cpu();
    }
    int number = device.startsWith("gpu:") ? Integer.parseInt(device.substring(4)) : 0;
    if (number >= gpus) {
      throw new IllegalArgumentException(
          "learner.device: "
              + device
              + " - the engine sees "
              + gpus
              + " GPUs; use cpu, or start with a CUDA flavour of libtorch (PYTORCH_FLAVOR)");
    }
    return Device.gpu(number);
  }

  /**
   * Tensors of one step are freed and asked for again in the next; handing their pages back to the
   * kernel in between costs a third of the step.
   */
  private static synchronized void tuneAllocator() {
    if (allocatorTuned || !Platform.isLinux()) {
      return;
    }
    allocatorTuned = true;
    try {
      CLibrary c = Native.load("c", CLibrary.class);
      boolean accepted =
          c.mallopt(M_MMAP_MAX, 0) == 1 && c.mallopt(M_TRIM_THRESHOLD, Integer.MAX_VALUE) == 1;
      LOG.debug("allocator keeps freed memory: {}", accepted);
    } catch (UnsatisfiedLinkError e) {
      LOG.warn("The C library has no mallopt; training steps will be slower", e);
    }
  }
}

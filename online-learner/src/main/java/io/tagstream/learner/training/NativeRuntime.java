package io.tagstream.learner.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
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
   * kernel in between costs a third of the step. The function is called by its name: an interface
   * for JNA would stay in its caches, and the classes of a job that has ended with it.
   */
  private static synchronized void tuneAllocator() {
    if (allocatorTuned || !Platform.isLinux()) {
      return;
    }
    allocatorTuned = true;
    try {
      Function mallopt = NativeLibrary.getInstance("c").getFunction("mallopt");
      boolean accepted =
          accepts(mallopt, M_MMAP_MAX, 0) && accepts(mallopt, M_TRIM_THRESHOLD, Integer.MAX_VALUE);
      LOG.debug("allocator keeps freed memory: {}", accepted);
    } catch (UnsatisfiedLinkError e) {
      LOG.warn("The C library has no mallopt; training steps will be slower", e);
    }
  }

  private static boolean accepts(Function mallopt, int parameter, int value) {
    return mallopt.invokeInt(new Object[] {parameter, value}) == 1;
  }
}

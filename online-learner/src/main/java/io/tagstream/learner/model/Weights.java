package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The tensors of one step: parameters and inputs, made from Java arrays under one manager that the
 * step owns and closes, and with them everything computed from them. Not shared between threads.
 */
public final class Weights {

  private final NDManager manager;
  private final HostBuffer buffer;
  private final Map<String, NDArray> tensors;

  /**
   * Makes the parameters' tensors.
   *
   * @param manager owner of every tensor of the step
   * @param buffer through which arrays pass; reused from step to step
   * @param trained whether gradients are wanted
   */
  public Weights(NDManager manager, HostBuffer buffer, ParameterSet parameters, boolean trained) {
    this.manager = manager;
    this.buffer = buffer;
    this.tensors = new HashMap<>();
    for (Parameter parameter : parameters.all()) {
      NDArray tensor = input(parameter.values(), parameter.size(), trained, parameter.shape());
      tensors.put(parameter.name(), tensor);
    }
  }

  private Weights(NDManager manager, HostBuffer buffer, Map<String, NDArray> tensors) {
    this.manager = manager;
    this.buffer = buffer;
    this.tensors = tensors;
  }

  /**
   * The same parameters, with inputs under a manager of their own that may be closed earlier. What
   * is computed from parameters alone stays until theirs is closed.
   */
  public Weights under(NDManager inputs) {
    return new Weights(inputs, buffer, tensors);
  }

  /** The tensor of a parameter. */
  public NDArray get(String name) {
    NDArray tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("parameter " + name + ": is not declared");
    }
    return tensor;
  }

  /** The step's manager. */
  public NDManager manager() {
    return manager;
  }

  /** A float tensor with the first values of an array. */
  public NDArray input(float[] values, int count, boolean trained, long... shape) {
    ByteBuffer bytes = buffer.filled(values, count);
    // Copied because the buffer is reused, and because bits of sums depend on memory alignment.
    try (NDArray borrowed = manager.create(bytes, new Shape(shape), DataType.FLOAT32)) {
      NDArray owned = borrowed.duplicate();
      if (trained) {
        owned.setRequiresGradient(true);
      }
      return owned;
    }
  }

  /** An int64 tensor of indices. */
  public NDArray indices(int[] values) {
    long[] wide = new long[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return manager.create(wide);
  }

  /** Copies a tensor's floats to the front of an array. */
  public static void read(NDArray tensor, float[] target) {
    floats(tensor).get(target, 0, Math.toIntExact(tensor.size()));
  }

  /** As {@link #read(NDArray, float[])}, without a copy in between; for contiguous tensors. */
  public static void readContiguous(NDArray tensor, float[] target) {
    tensor
        .toByteBuffer(true)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer()
        .get(target, 0, Math.toIntExact(tensor.size()));
  }

  /** A tensor's floats, copied. */
  public static float[] read(NDArray tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    read(tensor, values);
    return values;
  }

  /** A copy that lives as long as its owner. */
  public static NDArray kept(NDArray tensor, NDManager owner) {
    NDArray copy = tensor.duplicate();
    copy.attach(owner);
    return copy;
  }

  /**
   * Copies a leaf's gradient to the front of an array.
   *
   * @return false, with the array untouched, when nothing reached the leaf
   */
  public static boolean readGradient(NDArray leaf, float[] target) {
    if (!leaf.hasGradient()) {
      return false;
    }
    try (NDArray gradient = leaf.getGradient()) {
      read(gradient, target);
    }
    return true;
  }

  /**
   * Runs the backward pass from an output whose gradient is known.
   *
   * @param again whether another output of the same graph follows
   */
  public static void backward(NDArray output, NDArray gradient, boolean again) {
    JniUtils.backward((PtNDArray) output, (PtNDArray) gradient, again, false);
  }

  private static FloatBuffer floats(NDArray tensor) {
    return tensor.toByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}

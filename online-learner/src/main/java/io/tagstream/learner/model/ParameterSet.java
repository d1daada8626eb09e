package io.tagstream.learner.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** The parameters of a model in order of declaration, initialised from a seed and their names. */
public final class ParameterSet {

  private final long seed;
  private final List<Parameter> parameters = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  public ParameterSet(long seed) {
    this.seed = seed;
  }

  /** Declares a weight, uniform in {@code ±√(6 / (fanIn + fanOut))} (Glorot). */
  public void glorot(String name, long fanIn, long fanOut, long... shape) {
    float[] values = new float[sizeOf(shape)];
    SplittableRandom random = new SplittableRandom(seed ^ hash(name));
    double bound = Math.sqrt(6.0 / (fanIn + fanOut));
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((random.nextDouble() * 2 - 1) * bound);
    }
    add(new Parameter(name, shape, 1f, values));
  }

  /**
   * Declares blocks of weights {@code [blocks · out, in]} that start near a layer which passes its
   * input on: a tenth of Glorot, plus the pass.
   *
   * @param pass what a block adds at (row, column)
   */
  public void passing(String name, int blocks, int out, int in, Pass pass) {
    float[] values = new float[blocks * out * in];
    SplittableRandom random = new SplittableRandom(seed ^ hash(name));
    double bound = 0.1 * Math.sqrt(6.0 / (in + out));
    for (int i = 0; i < values.length; i++) {
      int row = i / in % out;
      values[i] = (float) ((random.nextDouble() * 2 - 1) * bound) + pass.at(row, i % in);
    }
    add(new Parameter(name, new long[] {(long) blocks * out, in}, 1f, values));
  }

  /** The part of a weight matrix that passes an input on. */
  @FunctionalInterface
  public interface Pass {
    float at(int row, int column);
  }

  /** Declares a parameter that starts at one. */
  public void ones(String name, long... shape) {
    float[] values = new float[sizeOf(shape)];
    Arrays.fill(values, 1f);
    add(new Parameter(name, shape, 1f, values));
  }

  /** Declares a parameter that starts at zero. */
  public void zeros(String name, long... shape) {
    zerosAtRate(name, 1f, shape);
  }

  /**
   * Declares a parameter that starts at zero and learns at a multiple of the configured rate.
   *
   * @param rate the multiple
   */
  public void zerosAtRate(String name, float rate, long... shape) {
    add(new Parameter(name, shape, rate, new float[sizeOf(shape)]));
  }

  /** All parameters, in order of declaration. */
  public List<Parameter> all() {
    return Collections.unmodifiableList(parameters);
  }

  /**
   * The live values of a parameter.
   *
   * @throws IllegalStateException when it is not declared
   */
  public float[] values(String name) {
    for (Parameter parameter : parameters) {
      if (parameter.name().equals(name)) {
        return parameter.values();
      }
    }
    throw new IllegalStateException("parameter " + name + ": not declared");
  }

  private void add(Parameter parameter) {
    if (!names.add(parameter.name())) {
      throw new IllegalStateException("parameter " + parameter.name() + ": declared twice");
    }
    parameters.add(parameter);
  }

  private static int sizeOf(long[] shape) {
    long size = 1;
    for (long n : shape) {
      size = Math.multiplyExact(size, n);
    }
    return Math.toIntExact(size);
  }

  private static long hash(String name) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ b) * 0x100000001b3L;
    }
    return hash;
  }
}

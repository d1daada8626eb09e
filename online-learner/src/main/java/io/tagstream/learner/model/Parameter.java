package io.tagstream.learner.model;

import java.util.Arrays;

/**
 * One named flat array of weights with the two moments Adam keeps beside it. Java owns the numbers,
 * so a checkpoint is an exact copy of them.
 */
public final class Parameter {

  private final String name;
  private final long[] shape;
  private final float rate;
  private final float[] values;
  private final float[] firstMoment;
  private final float[] secondMoment;

  Parameter(String name, long[] shape, float rate, float[] values) {
    this.name = name;
    this.shape = shape.clone();
    this.rate = rate;
    this.values = values;
    this.firstMoment = new float[values.length];
    this.secondMoment = new float[values.length];
  }

  /** Unique in its model; part of checkpoints. */
  public String name() {
    return name;
  }

  /** The tensor's shape. */
  public long[] shape() {
    return shape.clone();
  }

  /** Its learning rate, as a multiple of the configured one. */
  public float rate() {
    return rate;
  }

  /** Number of weights. */
  public int size() {
    return values.length;
  }

  /** The weights, row-major; the live array. */
  public float[] values() {
    return values;
  }

  /** Adam's running mean of gradients; the live array. */
  public float[] firstMoment() {
    return firstMoment;
  }

  /** Adam's running mean of squared gradients; the live array. */
  public float[] secondMoment() {
    return secondMoment;
  }

  @Override
  public String toString() {
    return name + Arrays.toString(shape);
  }
}

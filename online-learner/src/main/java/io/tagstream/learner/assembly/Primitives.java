package io.tagstream.learner.assembly;

import java.util.List;

/** Avro's arrays are lists of boxes; everything behind the seam is primitive. */
public final class Primitives {

  private Primitives() {}

  /** The values, in order. */
  public static int[] ints(List<Integer> values) {
    int[] out = new int[values.size()];
    int i = 0;
    for (int value : values) {
      out[i++] = value;
    }
    return out;
  }

  /** The values, in order. */
  public static long[] longs(List<Long> values) {
    long[] out = new long[values.size()];
    int i = 0;
    for (long value : values) {
      out[i++] = value;
    }
    return out;
  }

  /** The values, in order. */
  public static float[] floats(List<Float> values) {
    float[] out = new float[values.size()];
    int i = 0;
    for (float value : values) {
      out[i++] = value;
    }
    return out;
  }

  /** The values, in order. */
  public static boolean[] booleans(List<Boolean> values) {
    boolean[] out = new boolean[values.size()];
    int i = 0;
    for (boolean value : values) {
      out[i++] = value;
    }
    return out;
  }
}

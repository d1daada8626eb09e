package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.DtnConfig;

/**
 * Gated deep cross network (GDCN; Wang et al., CIKM 2023, "Towards Deeper, Lighter and
 * Interpretable Cross Network for CTR Prediction"): explicit crosses of growing order, each behind
 * a gate, and a projection.
 *
 * <ul>
 *   <li>{@code c_0 = x}, {@code [N, D]}, {@code D = n·e}
 *   <li>{@code c_{l+1} = c_0 ⊙ (W_l c_l + b_l) ⊙ σ(W_l^g c_l) + c_l}
 *   <li>{@code out = W c_L + b}, {@code [N, D] → [N, out]}
 * </ul>
 *
 * <p>{@code W_l, W_l^g [D, D]}, or with a rank {@code r} products {@code U V} of {@code U [D, r]}
 * and {@code V [r, D]}: a full matrix has {@code D²} weights, and DTN's paper chose GDCN for its
 * approximation of low rank.
 */
final class GdcnUnit implements InteractionUnit {

  private final long width;
  private final int output;
  private final int layers;
  private final int rank;

  /**
   * A unit.
   *
   * @param width {@code D}
   * @param output size of what it gives out
   */
  GdcnUnit(int width, int output, DtnConfig.Gdcn sizes) {
    this.width = width;
    this.output = output;
    this.layers = sizes.layers();
    this.rank = sizes.rank();
  }

  @Override
  public void declare(ParameterSet set, String name) {
    for (int layer = 0; layer < layers; layer++) {
      declareSquare(set, cross(name, layer));
      set.zeros(cross(name, layer) + ".bias", width);
      declareSquare(set, gate(name, layer));
    }
    Layers.declareLinear(set, name + ".out", width, output);
  }

  private void declareSquare(ParameterSet set, String name) {
    if (rank == 0) {
      set.glorot(name + ".weight", width, width, width, width);
    } else {
      set.glorot(name + ".down", width, rank, rank, width);
      set.glorot(name + ".up", rank, width, width, rank);
    }
  }

  @Override
  public NDArray forward(Weights w, String name, InteractionInput in) {
    NDArray x = in.flat();
    NDArray crossed = x;
    for (int layer = 0; layer < layers; layer++) {
      String cross = cross(name, layer);
      NDArray term = square(w, cross, crossed).add(w.get(cross + ".bias"));
      NDArray gate = Layers.sigmoid(square(w, gate(name, layer), crossed));
      crossed = x.mul(term).mul(gate).add(crossed);
    }
    return Layers.linear(w, name + ".out", crossed);
  }

  private NDArray square(Weights w, String name, NDArray x) {
    return rank == 0
        ? x.matMul(w.get(name + ".weight").transpose())
        : x.matMul(w.get(name + ".down").transpose()).matMul(w.get(name + ".up").transpose());
  }

  private static String cross(String name, int layer) {
    return name + ".cross." + layer;
  }

  private static String gate(String name, int layer) {
    return name + ".gate." + layer;
  }
}

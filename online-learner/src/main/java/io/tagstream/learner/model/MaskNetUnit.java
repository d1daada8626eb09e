package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.DtnConfig;

/**
 * A block of MaskNet (Wang, She and Zhang 2021, "MaskNet: Introducing Feature-Wise Multiplication
 * to CTR Ranking Models by Instance-Guided Mask"): the instance itself says which elements of its
 * embeddings count.
 *
 * <ul>
 *   <li>{@code mask = W_2 ReLU(W_1 x + b_1) + b_2}, {@code [N, n·e] → [N, width] → [N, n·e]}
 *   <li>{@code h = ReLU(LN(W (mask ⊙ LN_field(x))))}, {@code [N, n·e] → [N, block]}
 *   <li>{@code out = W_o h + b_o}, {@code [N, block] → [N, out]}
 * </ul>
 *
 * <p>{@code LN_field} normalises each field's embedding by itself. Its gain and bias {@code [e]}
 * serve all fields: what is a field's own, the mask's {@code b_2} holds already.
 */
final class MaskNetUnit implements InteractionUnit {

  private final int fields;
  private final int embedding;
  private final int output;
  private final DtnConfig.MaskNet sizes;

  /**
   * A unit.
   *
   * @param fields {@code n}
   * @param embedding {@code e}
   * @param output size of what it gives out
   */
  MaskNetUnit(int fields, int embedding, int output, DtnConfig.MaskNet sizes) {
    this.fields = fields;
    this.embedding = embedding;
    this.output = output;
    this.sizes = sizes;
  }

  @Override
  public void declare(ParameterSet set, String name) {
    long width = (long) fields * embedding;
    Layers.declareLinear(set, name + ".mask.0", width, sizes.mask());
    Layers.declareLinear(set, name + ".mask.1", sizes.mask(), width);
    Layers.declareLayerNorm(set, name + ".norm.field", embedding);
    set.glorot(name + ".block.weight", width, sizes.block(), sizes.block(), width);
    Layers.declareLayerNorm(set, name + ".norm.block", sizes.block());
    Layers.declareLinear(set, name + ".out", sizes.block(), output);
  }

  @Override
  public NDArray forward(Weights w, String name, InteractionInput in) {
    NDArray mask = Layers.mlp(w, name + ".mask", in.flat(), 1);
    NDArray normed = Layers.layerNorm(w, name + ".norm.field", in.fields());
    NDArray masked = mask.mul(normed.reshape(mask.getShape()));
    NDArray block = masked.matMul(w.get(name + ".block.weight").transpose());
    NDArray hidden = Layers.relu(Layers.layerNorm(w, name + ".norm.block", block));
    return Layers.linear(w, name + ".out", hidden);
  }
}

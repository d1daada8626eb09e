package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.tagstream.learner.DtnConfig;
import io.tagstream.learner.DtnConfig.Restoring;

/**
 * MemoNet (Zhang and Zhang, CIKM 2023, "MemoNet: Memorizing All Cross Features' Representations
 * Efficiently via Multi-Hash Codebook Network for CTR Prediction"): what is known of a pair of
 * feature values by heart. Memories (HCNets) side by side, each with a codebook {@code [n_w, e]};
 * per memory:
 *
 * <ul>
 *   <li>addressing: the crossed feature of each of {@code P} pairs has {@code m} words, {@code z =
 *       [c_1 … c_m] ∈ [m·e]}; {@link CodebookAddresses}
 *   <li>restoring, linear (LMR): {@code v = W z}, {@code [m·e] → [e]}; attentive (AMR): {@code v =
 *       W (z ⊙ A_2 ReLU(A_1 [x_i, x_j]))}, a weight for each element from the pair's embeddings
 *   <li>shrinking (GAS): {@code a = S_2 ReLU(S_1 x) ∈ [P]} from all fields' embeddings, no softmax;
 *       {@code v'_i = Σ_{pairs with i} a_ij v_ij}, {@code [P, e] → [n, e]}
 *   <li>{@code out = W_o [x, v' of all memories] + b_o}, {@code [N, (1 + nets)·n·e] → [N, out]}
 * </ul>
 *
 * <p>The squeeze {@code S_1} leaves one number per field, {@code A_1} as many as it reads.
 *
 * <p>A codebook is a dense parameter: it is uploaded, and its moments move, with every step. The
 * memory of millions of words would belong into the embedding table.
 */
final class MemoNetUnit implements InteractionUnit {

  private final FieldPairs pairs;
  private final int embedding;
  private final int output;
  private final int codebookRows;
  private final DtnConfig.MemoNet sizes;

  /**
   * A unit.
   *
   * @param pairs which fields are crossed
   * @param embedding {@code e}
   * @param output size of what it gives out
   */
  MemoNetUnit(FieldPairs pairs, int embedding, int output, DtnConfig.MemoNet sizes) {
    this.pairs = pairs;
    this.embedding = embedding;
    this.output = output;
    this.codebookRows = new CodebookAddresses(pairs, sizes).codebookRows();
    this.sizes = sizes;
  }

  @Override
  public void declare(ParameterSet set, String name) {
    long width = (long) pairs.fields() * embedding;
    long words = (long) sizes.functions() * embedding;
    for (int net = 0; net < sizes.nets(); net++) {
      String memory = memory(name, net);
      set.glorot(memory + ".codebook", codebookRows, embedding, codebookRows, embedding);
      if (sizes.restoring() == Restoring.AMR) {
        Layers.declareLinear(set, memory + ".attention.0", 2L * embedding, 2L * embedding);
        Layers.declareLinear(set, memory + ".attention.1", 2L * embedding, words);
      }
      set.glorot(memory + ".restore.weight", words, embedding, embedding, words);
      Layers.declareLinear(set, memory + ".shrink.0", width, pairs.fields());
      Layers.declareLinear(set, memory + ".shrink.1", pairs.fields(), pairs.count());
    }
    Layers.declareLinear(set, name + ".out", (1 + sizes.nets()) * width, output);
  }

  @Override
  public NDArray forward(Weights w, String name, InteractionInput in) {
    NDArray flat = in.flat();
    NDArray firsts = pairs.firsts(w);
    NDArray seconds = pairs.seconds(w);
    NDArray intoFields = firsts.add(seconds).transpose();
    NDList parts = new NDList(flat);
    for (int net = 0; net < sizes.nets(); net++) {
      String memory = memory(name, net);
      NDArray words =
          Layers.rows(w.get(memory + ".codebook"), in.addresses().get(net))
              .reshape(-1, pairs.count(), (long) sizes.functions() * embedding);
      if (sizes.restoring() == Restoring.AMR) {
        NDArray both =
            Layers.concat(new NDList(firsts.matMul(in.fields()), seconds.matMul(in.fields())), 2);
        words = words.mul(Layers.mlp(w, memory + ".attention", both, 1));
      }
      NDArray restored = words.matMul(w.get(memory + ".restore.weight").transpose());
      NDArray shares = Layers.mlp(w, memory + ".shrink", flat, 1).reshape(-1, pairs.count(), 1);
      NDArray fields = intoFields.matMul(restored.mul(shares));
      parts.add(fields.reshape(flat.getShape()));
    }
    return Layers.linear(w, name + ".out", Layers.concat(parts, 1));
  }

  private static String memory(String name, int net) {
    return name + ".memory." + net;
  }
}

package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.tagstream.learner.MktConfig.Cross;

/**
 * Heterogeneous feature alignment of one kind of item (MKT section 3.2.2): weighs the {@code P}
 * fields that are its own and maps them to a width that is the same for all kinds, {@code [N, P·e]
 * → [N, h]}.
 *
 * <ul>
 *   <li>explicit cross, two layers from {@code v_0 = v_spec} (eq. 3, 4): {@code v_{l+1} = v_l (v_0ᵀ
 *       w_l) + b_l + v_0} as printed, or DCN's {@code v_0 (v_lᵀ w_l) + b_l + v_l}
 *   <li>implicit: {@code v_im = ReLU(W v_spec + b)} (eq. 5), {@code [N, h]}
 *   <li>{@code p = 2σ(FC([v_ex, v_im]))} (eq. 6), {@code [N, P]}
 *   <li>{@code ReLU(FC(flatten(V_spec ⊙ p)))} (eq. 7, 8), which stands beside the shared features
 * </ul>
 */
final class FeatureAlignment {

  private static final int LAYERS = 2;

  private final String name;
  private final int fields;
  private final int embedding;
  private final int width;
  private final Cross cross;

  /**
   * An alignment.
   *
   * @param fields number of privileged fields, {@code P}
   * @param embedding {@code e}
   * @param width {@code h}
   */
  FeatureAlignment(String name, int fields, int embedding, int width, Cross cross) {
    this.name = name;
    this.fields = fields;
    this.embedding = embedding;
    this.width = width;
    this.cross = cross;
  }

  void declare(ParameterSet set) {
    int specific = fields * embedding;
    for (int layer = 0; layer < LAYERS; layer++) {
      set.glorot(cross(layer) + ".weight", specific, 1, 1, specific);
      set.zeros(cross(layer) + ".bias", specific);
    }
    Layers.declareLinear(set, name + ".implicit", specific, width);
    Layers.declareLinear(set, name + ".importance", (long) specific + width, fields);
    Layers.declareLinear(set, name + ".aligned", specific, width);
  }

  /** {@code [N, P·e] → [N, h]}. */
  NDArray of(Weights w, NDArray specific) {
    NDArray explicit = specific;
    for (int layer = 0; layer < LAYERS; layer++) {
      explicit = crossed(w, layer, explicit, specific);
    }
    NDArray implicit = Layers.relu(Layers.linear(w, name + ".implicit", specific));
    NDArray both = Layers.concat(new NDList(explicit, implicit), 1);
    NDArray importance = Layers.sigmoid(Layers.linear(w, name + ".importance", both));
    NDArray weighed =
        specific
            .reshape(-1, fields, embedding)
            .mul(importance.add(importance).reshape(-1, fields, 1))
            .reshape(-1, (long) fields * embedding);
    return Layers.relu(Layers.linear(w, name + ".aligned", weighed));
  }

  private NDArray crossed(Weights w, int layer, NDArray now, NDArray first) {
    NDArray weight = w.get(cross(layer) + ".weight").transpose();
    NDArray bias = w.get(cross(layer) + ".bias");
    return switch (cross) {
      case PAPER -> now.mul(first.matMul(weight)).add(bias).add(first);
      case DCN -> first.mul(now.matMul(weight)).add(bias).add(now);
    };
  }

  private String cross(int layer) {
    return name + ".cross." + layer;
  }
}

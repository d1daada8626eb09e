package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.tagstream.learner.DtnConfig;
import io.tagstream.learner.DtnConfig.Unit;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * What DTN's units make of the fields that an expert of MVKE weighs: {@code C^k [I, F, e]} of
 * expert {@code k} goes through units {@code M(C^k)}, each {@code [I, out]} (DTN eq. 3), which a
 * gate mixes, {@code S_k = Σ_i g_k^i M^i(C^k)}, {@code g_k = softmax(W C^k + b)} (DTN eq. 5); then
 * {@code W_k S_k [I, d]}.
 *
 * <p>Units and gate serve all experts, in one pass, and learn from all of them; what is an expert's
 * own is what it weighs, and {@code W_k}, which starts at zero: the experts begin as they are
 * without interactions.
 */
final class ExpertInteractions {

  private static final String GATE = "interaction.gate";
  private static final String OUT = "interaction.out.weight";

  private final int experts;
  private final int fields;
  private final int embedding;
  private final int dimension;
  private final int output;
  private final InteractionUnits units;
  private final InteractionModule module;

  /**
   * Interactions.
   *
   * @param experts {@code E}
   * @param kinds which units there are
   * @param fields {@code F}
   * @param embedding {@code e}
   * @param dimension {@code d}
   * @param sizes of the units
   * @throws IllegalArgumentException when there are memories without key fields
   */
  ExpertInteractions(
      int experts, List<Unit> kinds, int fields, int embedding, int dimension, DtnConfig sizes) {
    List<Integer> keys = sizes.memoNet().keyFields();
    if (kinds.contains(Unit.MEMONET) && keys.isEmpty()) {
      throw new IllegalArgumentException(
          "model.dtn.key-fields: [] - name user fields for the memories of model.combined.units;"
              + " experts do not see the tag");
    }
    this.experts = experts;
    this.fields = fields;
    this.embedding = embedding;
    this.dimension = dimension;
    this.output = sizes.output();
    this.units =
        new InteractionUnits(
            fields, embedding, kinds.contains(Unit.MEMONET) ? Set.copyOf(keys) : Set.of(), sizes);
    this.module = units.module("interaction", kinds);
  }

  void declare(ParameterSet p) {
    module.declare(p);
    Layers.declareLinear(p, GATE, (long) fields * embedding, module.units().size());
    p.zeros(OUT, experts, output, dimension);
  }

  /**
   * What is added to each expert's output.
   *
   * @param weighted {@code C} of every expert, {@code [E, I, F, e]}
   * @return {@code [E, I, d]}
   */
  NDArray of(Weights w, UserInputs users, NDArray weighted) {
    InteractionInput input =
        new InteractionInput(weighted.reshape(-1, fields, embedding), words(w, users));
    NDArray shares = Layers.softmax(Layers.linear(w, GATE, input.flat()), 1);
    NDArray mixed = Layers.mixture(module.forward(w, input), shares);
    return mixed.reshape(experts, -1, output).batchMatMul(w.get(OUT));
  }

  /** What users' fields address is the same for every expert. */
  private List<NDArray> words(Weights w, UserInputs users) {
    if (!units.remember()) {
      return List.of();
    }
    FieldValues values = FieldValues.ofUsers(users.fieldOffsets(), users.fieldIds(), fields);
    return units.words(w, values).stream()
        .map(ofUsers -> Layers.concat(new NDList(Collections.nCopies(experts, ofUsers)), 0))
        .toList();
  }
}

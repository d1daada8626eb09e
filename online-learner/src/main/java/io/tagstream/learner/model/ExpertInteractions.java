package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.tagstream.learner.DtnConfig;
import io.tagstream.learner.DtnConfig.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What DTN's units make of the fields that an expert of MVKE weighs: {@code C^k [I, F, e]} of
 * expert {@code k} goes to units of its own, {@code M_k(C^k)}, each {@code [I, out]} (DTN eq. 3),
 * which a gate mixes, {@code S_k = Σ_i g_k^i M_k^i(C^k)}, {@code g_k = softmax(W C^k + b)} (DTN eq.
 * 5); then {@code W_k S_k [I, d]}.
 *
 * <p>{@code W_k} starts at zero: the experts begin as they are without interactions.
 */
final class ExpertInteractions {

  private final int fields;
  private final int embedding;
  private final int output;
  private final int dimension;
  private final InteractionUnits units;
  private final List<InteractionModule> modules = new ArrayList<>();

  /**
   * Interactions.
   *
   * @param experts how many
   * @param kinds which units every expert has
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
    this.fields = fields;
    this.embedding = embedding;
    this.output = sizes.output();
    this.dimension = dimension;
    this.units =
        new InteractionUnits(
            fields, embedding, kinds.contains(Unit.MEMONET) ? Set.copyOf(keys) : Set.of(), sizes);
    for (int k = 0; k < experts; k++) {
      modules.add(units.module("expert." + k + ".interaction", kinds));
    }
  }

  void declare(ParameterSet p) {
    for (int k = 0; k < modules.size(); k++) {
      modules.get(k).declare(p);
      Layers.declareLinear(p, gate(k), (long) fields * embedding, modules.get(k).units().size());
      p.zeros(out(k), dimension, output);
    }
  }

  /**
   * What is added to each expert's output.
   *
   * @param weighted {@code C} of every expert, {@code [E, I, F, e]}
   * @return {@code E × [I, d]}
   */
  NDList of(Weights w, UserInputs users, NDArray weighted) {
    List<NDArray> words =
        units.remember()
            ? units.words(w, FieldValues.ofUsers(users.fieldOffsets(), users.fieldIds(), fields))
            : List.of();
    NDList all = new NDList();
    for (int k = 0; k < modules.size(); k++) {
      InteractionInput input = new InteractionInput(weighted.get(k), words);
      NDArray shares = Layers.softmax(Layers.linear(w, gate(k), input.flat()), 1);
      NDArray mixed = Layers.mixture(modules.get(k).forward(w, input), shares);
      all.add(mixed.matMul(w.get(out(k)).transpose()));
    }
    return all;
  }

  private static String gate(int expert) {
    return "expert." + expert + ".unit-gate";
  }

  private static String out(int expert) {
    return "expert." + expert + ".interactions.weight";
  }
}

package io.tagstream.learner.model;

import ai.djl.ndarray.NDList;
import io.tagstream.learner.DtnConfig.Unit;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Multiple feature interactions (DTN eq. 3): units side by side on the same fields, {@code M(x) =
 * [F_1(x), …, F_n(x)]}, each {@code [N, n, e] → [N, out]}.
 */
final class InteractionModule {

  private final String name;
  private final List<Unit> units;
  private final Map<Unit, InteractionUnit> kinds;

  /**
   * A module.
   *
   * @param name of its parameters
   * @param units which it has
   * @param kinds the units by kind
   */
  InteractionModule(String name, List<Unit> units, Map<Unit, InteractionUnit> kinds) {
    this.name = name;
    this.units = List.copyOf(units);
    this.kinds = kinds;
  }

  List<Unit> units() {
    return units;
  }

  void declare(ParameterSet set) {
    units.forEach(unit -> kind(unit).declare(set, parameters(unit)));
  }

  /** What its units say, in their order: {@code n × [N, out]}. */
  NDList forward(Weights w, InteractionInput in) {
    NDList outputs = new NDList();
    units.forEach(unit -> outputs.add(kind(unit).forward(w, parameters(unit), in)));
    return outputs;
  }

  private InteractionUnit kind(Unit unit) {
    return Objects.requireNonNull(kinds.get(unit), unit.configName());
  }

  private String parameters(Unit unit) {
    return name + "." + unit.configName();
  }
}

package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.DtnConfig;
import io.tagstream.learner.DtnConfig.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The units of interactions among {@code n} fields, and modules of them. Units hold sizes alone, so
 * each serves all modules.
 */
final class InteractionUnits {

  private final Map<Unit, InteractionUnit> kinds = new EnumMap<>(Unit.class);
  private final @Nullable CodebookAddresses addresses;
  private final List<InteractionModule> modules = new ArrayList<>();

  /**
   * Units.
   *
   * @param fields {@code n}
   * @param embedding {@code e}
   * @param keys fields of whose pairs there are memories; empty where no module has any
   * @throws IllegalArgumentException when a key is no field
   */
  InteractionUnits(int fields, int embedding, Set<Integer> keys, DtnConfig sizes) {
    int output = sizes.output();
    kinds.put(Unit.GDCN, new GdcnUnit(fields * embedding, output, sizes.gdcn()));
    kinds.put(Unit.MASKNET, new MaskNetUnit(fields, embedding, output, sizes.maskNet()));
    if (keys.isEmpty()) {
      addresses = null;
    } else {
      FieldPairs pairs = new FieldPairs(fields, keys);
      addresses = new CodebookAddresses(pairs, sizes.memoNet());
      kinds.put(Unit.MEMONET, new MemoNetUnit(pairs, embedding, output, sizes.memoNet()));
    }
  }

  /** A module of some units. */
  InteractionModule module(String name, List<Unit> units) {
    InteractionModule module = new InteractionModule(name, units, kinds);
    modules.add(module);
    return module;
  }

  /** The words that memories address, as {@link InteractionInput} has them. */
  List<NDArray> words(Weights w, FieldValues values) {
    return Arrays.stream(addresses().of(values)).map(w::indices).toList();
  }

  /** Whether any module has a memory. */
  boolean remember() {
    return modules.stream().anyMatch(module -> module.units().contains(Unit.MEMONET));
  }

  private CodebookAddresses addresses() {
    if (addresses == null) {
      throw new IllegalStateException("no key fields, no memories");
    }
    return addresses;
  }
}

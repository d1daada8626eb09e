package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.ModelConfig.Mapping;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Coalition Tag Multi-View Mapping (Zhu et al., KDD 2023), the network; its Shapley weights come
 * with the rows. {@code X^u [R, F·e]}, {@code X^t [R, e]}, {@code X^p [R, P·e]} known in training
 * alone.
 *
 * <ul>
 *   <li>{@code none}: {@code ŷ_m = Φ_m(X^u, X^t)}, the base network
 *   <li>{@code pkm}: {@code ŷ_m = Φ_m(X^u, X^t, f(X^t))} (eq. 6)
 *   <li>{@code amvm}: {@code ŷ_m = Φ_m(X^u, X^t, E_1 … E_P)} (eq. 13); in training {@code ŷ_aux =
 *       Φ_m(X^u, X^t, selected)} besides (eq. 15)
 *   <li>in training {@code ŷ_s = Φ_s(X^u, X^t, X^p)} (eq. 5), which shares embeddings with {@code
 *       Φ_m}, not layers
 *   <li>{@code L = BCE(ŷ_m) + BCE(ŷ_aux) + BCE(ŷ_s) + ρ L_map} (eq. 7, 8, 17)
 * </ul>
 *
 * <p>A sampled negative has no item: for those rows {@code ŷ_m} alone is trained. Maps are {@link
 * PrivilegedMaps}, {@code E_p} comes from the {@link PrivilegedGate}. Where the paper has one task,
 * {@code Φ} has an output per task.
 */
final class Ctmvm implements TagModel {

  private final PairTower main;
  private final @Nullable Mapped mapped;
  private final float rho;

  /**
   * What there is where tags are mapped.
   *
   * @param supplementary null where it is switched off
   * @param auxiliary whether {@code ŷ_aux} is trained
   */
  private record Mapped(
      PrivilegedMaps maps,
      PrivilegedGate gate,
      @Nullable SupplementaryNetwork supplementary,
      boolean auxiliary) {}

  /**
   * A network.
   *
   * @param tasks {@code K}
   * @param input what a row is
   * @param embedding {@code e}
   * @param privileged number of privileged fields, {@code P}
   */
  Ctmvm(int tasks, PairInput input, int embedding, int privileged, ModelConfig sizes) {
    PrivilegedMaps maps = PrivilegedMaps.of(embedding, privileged, sizes);
    int width = maps == null ? 0 : privileged * embedding;
    this.main = new PairTower("main", input, width, sizes.hidden(), tasks);
    this.mapped =
        maps == null
            ? null
            : new Mapped(
                maps,
                new PrivilegedGate(input, maps, sizes.dimension()),
                sizes.ctmvm().supplementary()
                    ? new SupplementaryNetwork(input, width, sizes.hidden(), tasks)
                    : null,
                sizes.ctmvm().mapping() == Mapping.AMVM);
    this.rho = sizes.ctmvm().rho();
  }

  @Override
  public void declare(ParameterSet parameters) {
    main.declare(parameters);
    if (mapped != null) {
      mapped.maps().declare(parameters);
      mapped.gate().declare(parameters);
      if (mapped.supplementary() != null) {
        mapped.supplementary().declare(parameters);
      }
    }
  }

  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    NDArray pair = main.pair(w, in);
    return mapped == null
        ? main.logits(w, pair)
        : logits(w, in, pair, mapped.gate(), mapped.maps().views(w, in.tags()));
  }

  private NDArray logits(
      Weights w, ModelInputs in, NDArray pair, PrivilegedGate gate, List<NDArray> views) {
    return main.logits(w, pair.add(gate.substitute(w, in, views, main)));
  }

  @Override
  public TrainingOutputs training(Weights w, ModelInputs in) {
    if (mapped == null) {
      return TrainingOutputs.of(logits(w, in));
    }
    NDArray pair = main.pair(w, in);
    List<NDArray> views = mapped.maps().views(w, in.tags());
    NDArray logits = logits(w, in, pair, mapped.gate(), views);
    ModelInputs shown = in.shownRows();
    PrivilegedMaps.Selected selected = mapped.maps().select(shown, views);
    List<Auxiliary> further = new ArrayList<>();
    if (mapped.auxiliary()) {
      NDArray ofShown = Layers.firstRows(pair, shown.features().count());
      NDArray first = ofShown.add(main.further(w, selected.values()));
      further.add(Auxiliary.ofFirst(main.logits(w, first)));
    }
    if (mapped.supplementary() != null) {
      further.add(Auxiliary.ofFirst(mapped.supplementary().logits(w, shown)));
    }
    NDArray loss = selected.loss();
    return new TrainingOutputs(logits, further, loss.mul(Layers.constant(loss, rho)));
  }
}

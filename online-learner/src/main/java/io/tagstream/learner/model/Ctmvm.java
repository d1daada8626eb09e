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
 * <p>A sampled negative has no item: for those rows {@code ŷ_m} alone is trained. Maps and gates
 * are those of {@link PrivilegedMaps}. Where the paper has one task, {@code Φ} has an output per
 * task.
 */
final class Ctmvm implements TagModel {

  private final PairTower main;
  private final @Nullable PairTower supplementary;
  private final @Nullable PrivilegedMaps maps;
  private final boolean auxiliary;
  private final float rho;

  /**
   * A network.
   *
   * @param tasks {@code K}
   * @param input what a row is
   * @param embedding {@code e}
   * @param privileged number of privileged fields, {@code P}
   */
  Ctmvm(int tasks, PairInput input, int embedding, int privileged, ModelConfig sizes) {
    ModelConfig.Ctmvm config = sizes.ctmvm();
    this.maps =
        switch (config.mapping()) {
          case NONE -> null;
          case PKM -> PrivilegedMaps.ofAllFields(input, embedding, privileged, sizes.dimension());
          case AMVM ->
              PrivilegedMaps.perField(
                  input, embedding, privileged, config.views(), sizes.dimension());
        };
    int width = maps == null ? 0 : privileged * embedding;
    this.main = new PairTower("main", input, width, sizes.hidden(), tasks);
    this.supplementary =
        maps != null && config.supplementary()
            ? new PairTower("supplementary", input, width, sizes.hidden(), tasks)
            : null;
    this.auxiliary = config.mapping() == Mapping.AMVM;
    this.rho = config.rho();
  }

  @Override
  public void declare(ParameterSet parameters) {
    main.declare(parameters);
    if (maps != null) {
      maps.declare(parameters);
    }
    if (supplementary != null) {
      supplementary.declare(parameters);
    }
  }

  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    NDArray pair = main.pair(w, in);
    return maps == null
        ? main.logits(w, pair)
        : main.logits(w, pair.add(maps.substitute(w, in, maps.views(w, in.tags()), main)));
  }

  @Override
  public TrainingOutputs training(Weights w, ModelInputs in) {
    if (maps == null) {
      return TrainingOutputs.of(logits(w, in));
    }
    NDArray pair = main.pair(w, in);
    List<NDArray> views = maps.views(w, in.tags());
    NDArray logits = main.logits(w, pair.add(maps.substitute(w, in, views, main)));
    ModelInputs shown = in.shownRows();
    PrivilegedMaps.Selected selected = maps.select(shown, views);
    List<Auxiliary> further = new ArrayList<>();
    if (auxiliary) {
      NDArray ofShown = Layers.firstRows(pair, shown.features().count());
      NDArray first = ofShown.add(main.further(w, selected.values()));
      further.add(Auxiliary.ofFirst(main.logits(w, first)));
    }
    if (supplementary != null) {
      further.add(Auxiliary.ofFirst(supplementary(w, supplementary, shown)));
    }
    NDArray loss = selected.loss();
    return new TrainingOutputs(logits, further, loss.mul(Layers.constant(loss, rho)));
  }

  /** {@code ŷ_s}'s logits; an impression's privileged part is computed once. */
  private static NDArray supplementary(Weights w, PairTower tower, ModelInputs shown) {
    NDArray privileged = tower.further(w, shown.privilegedForTraining());
    return tower.logits(
        w, tower.pair(w, shown).add(Layers.rows(privileged, shown.rowImpression())));
  }
}

package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.ModelConfig;
import java.util.List;

/**
 * MKT's second stage, the target-entity model (section 3.3), on rows of the target alone: each of
 * its vectors gains what a {@link GatedUnit} lets through of the frozen first stage's (eq. 14, 15).
 *
 * <ul>
 *   <li>{@code v' = v + GLU(frozen v)} for {@code v_u [I, F·e]}, {@code v_seq [R, e]} and {@code
 *       v_shared [D, e]}
 *   <li>{@code g = extractor([v_u', v_seq', v_shared']) + GLU(frozen g_com)}, {@code [R, d]}
 *   <li>logits: a tower with an output per task, {@code [R, d] → [R, K]}
 * </ul>
 */
final class TargetEntityModel {

  private static final String EXTRACTOR = "tem.extractor";
  private static final String TOWER = "tem.tower";

  private final PairInput input;
  private final int tasks;
  private final int embedding;
  private final int dimension;
  private final List<Integer> hidden;
  private final List<Integer> towerHidden;
  private final HistoryAttention attention;
  private final GatedUnit userGate;
  private final GatedUnit historyGate;
  private final GatedUnit sharedGate;
  private final GatedUnit commonGate;

  /**
   * A model.
   *
   * @param tasks {@code K}
   * @param input what a row is
   * @param userFields {@code F}
   * @param embedding {@code e}
   */
  TargetEntityModel(int tasks, PairInput input, int userFields, int embedding, ModelConfig sizes) {
    this.input = input;
    this.tasks = tasks;
    this.embedding = embedding;
    this.dimension = sizes.dimension();
    this.hidden = sizes.hidden();
    this.towerHidden = sizes.multiTask().tower();
    this.attention = new HistoryAttention("tem.history", embedding);
    this.userGate = new GatedUnit("tem.gate.user", userFields * embedding);
    this.historyGate = new GatedUnit("tem.gate.history", embedding);
    this.sharedGate = new GatedUnit("tem.gate.shared", embedding);
    this.commonGate = new GatedUnit("tem.gate.common", dimension);
  }

  void declare(ParameterSet set) {
    attention.declare(set);
    userGate.declare(set);
    historyGate.declare(set);
    sharedGate.declare(set);
    input.declareExpert(set, EXTRACTOR, embedding, hidden, dimension);
    commonGate.declare(set);
    Layers.declareMlp(set, TOWER, dimension, towerHidden, tasks);
  }

  /**
   * {@code g_cross}, before the common knowledge joins it: {@code [R, d]}.
   *
   * @param frozen the same rows as the frozen first stage reads them
   * @param frozenHistory its {@code v_seq}, {@code [R, e]}
   */
  NDArray cross(Weights w, ModelInputs in, ModelInputs frozen, NDArray frozenHistory) {
    ModelInputs fused =
        new ModelInputs(
            userGate.addedTo(w, in.fields(), frozen.fields()),
            sharedGate.addedTo(w, in.tags(), frozen.tags()),
            null,
            in.rowImpression(),
            in.rowTag(),
            in.features());
    NDArray history = historyGate.addedTo(w, attention.of(w, in), frozenHistory);
    return input.expert(w, EXTRACTOR, fused, history, hidden.size());
  }

  /**
   * Logits: {@code [R, K]}.
   *
   * @param cross {@code g_cross}
   * @param frozenCommon the frozen first stage's {@code g_com}, {@code [R, d]}
   */
  NDArray logits(Weights w, NDArray cross, NDArray frozenCommon) {
    return Layers.mlp(w, TOWER, commonGate.addedTo(w, cross, frozenCommon), towerHidden.size());
  }
}

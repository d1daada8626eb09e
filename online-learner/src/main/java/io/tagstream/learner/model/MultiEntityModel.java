package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.tagstream.learner.MktConfig;
import io.tagstream.learner.ModelConfig;
import java.util.Collections;

/**
 * MKT's first stage, the multi-entity model (section 3.2), on rows of one kind of item at a time:
 * target or source. A row is {@code v_u} (user fields), {@code v_seq} (attention over the history),
 * {@code v_shared} (the tag) and {@code v_spec} (privileged fields).
 *
 * <ul>
 *   <li>{@code q = [v_shared, HFA(v_spec)]} (eq. 8), with a {@link FeatureAlignment} of each kind's
 *       own
 *   <li>common knowledge: {@code g_com = CKE([v_u, v_seq, q])} (eq. 9), {@link Extraction} whose
 *       tasks are the kinds
 *   <li>independent knowledge: {@code g_ind = SKE(v)} or {@code TKE(v)} on the raw vectors (eq. 10)
 *   <li>logits: towers of each kind's own on {@code [g_com, g_ind]}, one per task
 *   <li>polarised distribution loss: {@code cos(g_com, g_ind)} (eq. 11, 12), of rows that have an
 *       item, summed ({@link PolarisedDistribution})
 * </ul>
 *
 * <p>Extractors end with ReLU, so the cosine is never negative and least where the two have nothing
 * in common.
 */
final class MultiEntityModel {

  private static final String NAME = "mem.";

  private final PairInput input;
  private final int specific;
  private final int embedding;
  private final ModelConfig sizes;
  private final HistoryAttention attention;
  private final FeatureAlignment[] alignments;
  private final Extraction common;
  private final TaskTowers[] towers;

  /**
   * A model.
   *
   * @param tasks {@code K}
   * @param input what a row is
   * @param embedding {@code e}
   * @param privileged number of privileged fields, {@code P}
   */
  MultiEntityModel(int tasks, PairInput input, int embedding, int privileged, ModelConfig sizes) {
    this.input = input;
    this.specific = privileged * embedding;
    this.embedding = embedding;
    this.sizes = sizes;
    this.attention = new HistoryAttention(NAME + "history", embedding);
    MktConfig mkt = sizes.mkt();
    Entity[] kinds = Entity.values();
    this.alignments = new FeatureAlignment[kinds.length];
    this.towers = new TaskTowers[kinds.length];
    for (Entity kind : kinds) {
      alignments[kind.number()] =
          new FeatureAlignment(
              named(kind, "alignment"), privileged, embedding, mkt.alignment(), mkt.cross());
      towers[kind.number()] =
          new TaskTowers(
              named(kind, "tower"), tasks, 2 * sizes.dimension(), sizes.multiTask().tower());
    }
    this.common =
        new Extraction(NAME + "common.", kinds.length, input, embedding + mkt.alignment(), sizes);
  }

  void declare(ParameterSet set) {
    declareKnowledge(set);
    declareAlignment(set, Entity.SOURCE);
    for (Entity kind : Entity.values()) {
      input.declareExpert(
          set, named(kind, "independent"), embedding + specific, sizes.hidden(), sizes.dimension());
      towers[kind.number()].declare(set);
    }
  }

  /** Declares what the target's common knowledge is computed by. */
  void declareKnowledge(ParameterSet set) {
    attention.declare(set);
    declareAlignment(set, Entity.TARGET);
    common.declare(set);
  }

  private void declareAlignment(ParameterSet set, Entity kind) {
    alignments[kind.number()].declare(set);
    set.zeros(named(kind, "missing"), 1, specific);
  }

  /** What stands for fields that are not known, {@code [1, P·e]}. */
  NDArray missing(Weights w, Entity kind) {
    return w.get(named(kind, "missing"));
  }

  /** {@code v_seq}: {@code [R, e]}. */
  NDArray history(Weights w, ModelInputs in) {
    return attention.of(w, in);
  }

  /** {@code g_com}: {@code [R, d]}. */
  NDArray common(
      Weights w, ModelInputs in, Entity kind, NDArray history, SpecificFeatures features) {
    NDArray aligned = alignments[kind.number()].of(w, features.values());
    NDArray ofRows = Layers.rows(aligned, features.rows());
    NDArray m = Layers.concat(new NDList(history, ofRows), 1);
    return common.mixture(w, in, m, kind.number());
  }

  /**
   * What is known of rows of one kind.
   *
   * @param common {@code g_com}: {@code [R, d]}
   * @param independent {@code g_ind}: {@code [R, d]}
   */
  record Knowledge(NDArray common, NDArray independent) {}

  /** Both kinds of knowledge. */
  Knowledge knowledge(
      Weights w, ModelInputs in, Entity kind, NDArray history, SpecificFeatures features) {
    NDArray com = common(w, in, kind, history, features);
    NDArray raw =
        Layers.concat(new NDList(history, Layers.rows(features.values(), features.rows())), 1);
    NDArray ind = input.expert(w, named(kind, "independent"), in, raw, sizes.hidden().size());
    return new Knowledge(com, ind);
  }

  /** What is said by it: {@code [R, K]}. */
  NDArray logits(Weights w, Entity kind, Knowledge known) {
    NDArray both = Layers.concat(new NDList(known.common(), known.independent()), 1);
    int tasks = towers[kind.number()].tasks();
    return towers[kind.number()].logits(w, Collections.nCopies(tasks, both));
  }

  /**
   * A scalar: the polarised distribution loss of rows that have an item.
   *
   * @param shown how many those are, which come first
   */
  NDArray polarisation(Knowledge known, int shown) {
    NDArray cosines =
        Layers.cosine(
            Layers.firstRows(known.common(), shown), Layers.firstRows(known.independent(), shown));
    return PolarisedDistribution.loss(sizes.mkt(), cosines);
  }

  private static String named(Entity kind, String part) {
    return kind.named(NAME, part);
  }
}

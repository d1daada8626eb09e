package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.tagstream.learner.MktConfig;
import io.tagstream.learner.ModelConfig;
import java.util.List;

/**
 * MKT's transfer between kinds of items, on users alone, so that users and tags still meet in a
 * product. {@code x [I, F·e]} are the user fields, {@code kind} is target or source.
 *
 * <ul>
 *   <li>common knowledge (MKT eq. 9) {@code g_com = softmax(W_kind x) · [own experts, shared
 *       experts]}, PLE's extraction with the kinds as tasks; independent knowledge (eq. 10) {@code
 *       g_ind}, an expert of each kind's own: {@code [I, d]}
 *   <li>the first stage says {@code logit_j = e^θ cos(W_kj [g_com, g_ind], A_j(X^t)) + b}
 *   <li>polarised distribution loss (eq. 11, 12) {@code cos(g_com, g_ind)}, summed over rows that
 *       have an item ({@link PolarisedDistribution})
 *   <li>what users gain in the second stage (eq. 15): {@code E_u^k + GLU_k(g_com)}, with the
 *       target's {@code g_com} as a frozen copy of the first stage has it
 * </ul>
 *
 * <p>The item's side is left out: {@link Mkt} aligns privileged fields there, and its attention
 * over the history reads the tag.
 */
final class UserTransfer {

  private static final String NAME = "transfer.";

  private final int tasks;
  private final int width;
  private final int dimension;
  private final List<Integer> hidden;
  private final int experts;
  private final int shared;
  private final MktConfig mkt;
  private final TaskScales scales;

  /**
   * A transfer.
   *
   * @param tasks {@code K}
   * @param width {@code F·e}
   * @param experts {@code E}, those of MVKE that gain something
   */
  UserTransfer(int tasks, int width, int experts, ModelConfig sizes) {
    this.tasks = tasks;
    this.width = width;
    this.experts = experts;
    this.dimension = sizes.dimension();
    this.hidden = sizes.hidden();
    this.shared = sizes.multiTask().sharedExperts();
    this.mkt = sizes.mkt();
    this.scales = new TaskScales(NAME, tasks, sizes.fixedScale());
  }

  void declare(ParameterSet set) {
    declareKnowledge(set);
    declareOwn(set, Entity.SOURCE);
    for (Entity kind : Entity.values()) {
      Layers.declareMlp(set, kind.named(NAME, "independent"), width, hidden, dimension);
      for (int j = 0; j < tasks; j++) {
        Layers.declareLinear(set, kind.named(NAME, "head." + j), 2L * dimension, dimension);
      }
    }
    scales.declare(set);
    for (int k = 0; k < experts; k++) {
      unit(k).declare(set);
    }
  }

  /** Declares what the target's common knowledge is computed by. */
  void declareKnowledge(ParameterSet set) {
    for (int n = 0; n < shared; n++) {
      Layers.declareMlp(set, NAME + "shared." + n, width, hidden, dimension);
    }
    declareOwn(set, Entity.TARGET);
  }

  private void declareOwn(ParameterSet set, Entity kind) {
    Layers.declareMlp(set, kind.named(NAME, "expert"), width, hidden, dimension);
    Layers.declareLinear(set, kind.named(NAME, "gate"), width, 1 + shared);
  }

  private GatedUnit unit(int expert) {
    return new GatedUnit(NAME + "unit." + expert, dimension);
  }

  /** {@code g_com}: {@code [I, F·e] → [I, d]}. */
  private NDArray common(Weights w, Entity kind, NDArray fields) {
    NDList each = new NDList(expert(w, kind.named(NAME, "expert"), fields));
    for (int n = 0; n < shared; n++) {
      each.add(expert(w, NAME + "shared." + n, fields));
    }
    NDArray shares = Layers.softmax(Layers.linear(w, kind.named(NAME, "gate"), fields), 1);
    return Layers.mixture(each, shares);
  }

  private NDArray expert(Weights w, String name, NDArray fields) {
    return Layers.relu(Layers.mlp(w, name, fields, hidden.size()));
  }

  /** {@code E_u^k + GLU_k(g_com)} of the frozen copy: {@code E × [I, d]}. */
  NDList addedTo(Weights w, UserInputs users, NDList expertOutputs) {
    UserInputs.Frozen frozen = users.frozenForReading();
    NDArray common = common(frozen.weights(), Entity.TARGET, frozen.fields());
    NDList gained = new NDList();
    for (int k = 0; k < experts; k++) {
      gained.add(unit(k).addedTo(w, expertOutputs.get(k), common));
    }
    return gained;
  }

  /**
   * What the first stage makes of rows of one kind.
   *
   * @param logits {@code [R, K]}
   * @param penalty a scalar, with its weight
   */
  record Said(NDArray logits, NDArray penalty) {}

  /**
   * The first stage.
   *
   * @param in rows of one kind
   * @param tags {@code A_j(X^t)}: {@code K × [D, d]}
   */
  Said said(Weights w, ModelInputs in, Entity kind, List<NDArray> tags) {
    NDArray common = common(w, kind, in.fields());
    NDArray independent = expert(w, kind.named(NAME, "independent"), in.fields());
    NDArray both = Layers.concat(new NDList(common, independent), 1);
    NDList cosines = new NDList();
    for (int j = 0; j < tasks; j++) {
      NDArray users = Layers.linear(w, kind.named(NAME, "head." + j), both);
      cosines.add(
          Layers.cosine(
              Layers.rows(users, in.rowImpression()), Layers.rows(tags.get(j), in.rowTag())));
    }
    return new Said(
        scales.apply(w, Layers.concat(cosines, 1)), polarisation(in, common, independent));
  }

  private NDArray polarisation(ModelInputs in, NDArray common, NDArray independent) {
    NDArray shown = Layers.firstRows(in.rowImpression(), in.features().shown());
    NDArray cosines = Layers.rows(Layers.cosine(common, independent), shown);
    return PolarisedDistribution.loss(mkt, cosines);
  }
}

package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.model.MultiEntityModel.Knowledge;
import java.util.List;

/**
 * MKT (Guan et al., "Effective Two-Stage Knowledge Transfer for Multi-Entity Cross-Domain
 * Recommendation"): a {@link MultiEntityModel} learns from all kinds of items, and a {@link
 * TargetEntityModel} reads a frozen copy of it.
 *
 * <ul>
 *   <li>{@code L_MEM = L_src + L_tgt + γ L_pdl} (eq. 13), {@code L = L_MEM + L_TEM} (eq. 16)
 *   <li>rows of the target are said by the second stage, rows of a source by the first
 * </ul>
 *
 * <p>The paper trains one stage after the other; here both are trained with every step, and what
 * the second one reads is the copy of the first that was taken last ({@code
 * model.mkt.refresh-steps}). Both stages train the same embedding rows; the copy has rows of its
 * own. A profile knows nothing of an item: what stands for its privileged fields is learnt from a
 * share of the training rows, and from sampled negatives, which have none.
 */
final class Mkt implements TagModel {

  private final MultiEntityModel first;
  private final TargetEntityModel second;
  private final float missingRate;

  /**
   * A network.
   *
   * @param tasks {@code K}
   * @param userFields {@code F}
   * @param embedding {@code e}
   * @param privileged number of privileged fields, {@code P}
   */
  Mkt(int tasks, int userFields, int embedding, int privileged, ModelConfig sizes) {
    PairInput input = new PairInput(userFields, embedding);
    this.first = new MultiEntityModel(tasks, input, embedding, privileged, sizes);
    this.second = new TargetEntityModel(tasks, input, userFields, embedding, sizes);
    this.missingRate = sizes.mkt().missingRate();
  }

  @Override
  public void declare(ParameterSet parameters) {
    first.declare(parameters);
    second.declare(parameters);
  }

  @Override
  public void declareCopied(ParameterSet parameters) {
    first.declareKnowledge(parameters);
  }

  /** Every row is of the target. */
  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    return new SecondPass(w, in).atProfileTime();
  }

  @Override
  public TrainingOutputs training(Weights w, ModelInputs in) {
    EntityRows rows = EntityRows.of(in.features());
    boolean[] blind = EntityRows.blind(in.features(), missingRate);
    NDList logits = new NDList();
    NDList reported = new NDList();
    NDList polarised = new NDList();
    List<Auxiliary> auxiliary = List.of();
    if (rows.target().length > 0) {
      ModelInputs target = in.of(w, rows.target());
      boolean[] ofTarget = some(blind, rows.target());
      FirstPass taught = new FirstPass(w, target, Entity.TARGET);
      Knowledge known = taught.seeing(ofTarget);
      SecondPass pass = new SecondPass(w, target);
      logits.add(pass.seeing(ofTarget));
      reported.add(pass.atProfileTime());
      polarised.add(taught.polarisation(known));
      auxiliary = List.of(new Auxiliary(taught.logits(known), rows.target()));
    }
    if (rows.source().length > 0) {
      ModelInputs source = in.of(w, rows.source());
      boolean[] ofSource = some(blind, rows.source());
      FirstPass pass = new FirstPass(w, source, Entity.SOURCE);
      Knowledge known = pass.seeing(ofSource);
      logits.add(pass.logits(known));
      reported.add(pass.logits(pass.atProfileTime()));
      polarised.add(pass.polarisation(known));
    }
    NDArray sum = polarised.get(0);
    for (NDArray other : polarised.subList(1, polarised.size())) {
      sum = sum.add(other);
    }
    return new TrainingOutputs(rows.joined(w, logits), auxiliary, sum, rows.joined(w, reported));
  }

  private SpecificFeatures seen(Weights w, ModelInputs in, Entity kind, boolean[] blind) {
    return SpecificFeatures.of(w, in, first.missing(w, kind), blind);
  }

  private static boolean[] some(boolean[] values, int[] rows) {
    boolean[] some = new boolean[rows.length];
    for (int n = 0; n < rows.length; n++) {
      some[n] = values[rows[n]];
    }
    return some;
  }

  /** The first stage over rows of one kind; the history is read once. */
  private final class FirstPass {
    private final Weights w;
    private final ModelInputs in;
    private final Entity kind;
    private final NDArray history;

    FirstPass(Weights w, ModelInputs in, Entity kind) {
      this.w = w;
      this.in = in;
      this.kind = kind;
      this.history = first.history(w, in);
    }

    Knowledge seeing(boolean[] blind) {
      return first.knowledge(w, in, kind, history, seen(w, in, kind, blind));
    }

    Knowledge atProfileTime() {
      SpecificFeatures none = SpecificFeatures.missing(w, in, first.missing(w, kind));
      return first.knowledge(w, in, kind, history, none);
    }

    NDArray logits(Knowledge known) {
      return first.logits(w, kind, known);
    }

    NDArray polarisation(Knowledge known) {
      return first.polarisation(known, in.features().shown());
    }
  }

  /**
   * The second stage over rows of the target; what does not depend on the item is computed once.
   */
  private final class SecondPass {
    private final Weights w;
    private final Weights frozen;
    private final ModelInputs copied;
    private final NDArray history;
    private final NDArray cross;

    SecondPass(Weights w, ModelInputs in) {
      this.w = w;
      this.frozen = in.frozenForReading().weights();
      this.copied = in.frozenForReading().inputs();
      this.history = first.history(frozen, copied);
      this.cross = second.cross(w, in, copied, history);
    }

    NDArray seeing(boolean[] blind) {
      return logits(seen(frozen, copied, Entity.TARGET, blind));
    }

    NDArray atProfileTime() {
      NDArray missing = first.missing(frozen, Entity.TARGET);
      return logits(SpecificFeatures.missing(frozen, copied, missing));
    }

    private NDArray logits(SpecificFeatures features) {
      NDArray common = first.common(frozen, copied, Entity.TARGET, history, features);
      return second.logits(w, cross, common);
    }
  }
}

package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.ModelConfig.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The papers in one network that still scores users and tags as a product. Parts that are switched
 * off leave {@link Mvke}.
 *
 * <ul>
 *   <li>MVKE's experts and gates, {@code E_u^j [R, d]}; the gate's query knows {@code A_j(X^t)}
 *       alone
 *   <li>DTN's units on what each expert weighs ({@link ExpertInteractions}); its task-sensitive
 *       network is left out, since a probability of the task before depends on the tag
 *   <li>CTMVM's maps to privileged fields, in the tag vector: {@code e_t(u) = A_j(X^t) + B_j E(u,
 *       t)} ({@link PrivilegedViews})
 *   <li>{@code logit_j = e^θ cos(E_u^j, e_t(u)) + b}
 *   <li>MKT's transfer from other kinds of items, {@code E_u^k + GLU_k(g_com)} ({@link
 *       UserTransfer}); rows of a source are said by its first stage
 *   <li>{@code L = BCE(ŷ) + BCE(ŷ_aux) + BCE(ŷ_s) + ρ L_map} as CTMVM has it; with AMVM alone
 *       {@code ŷ_aux}, with the selected views in the place of {@code E}; with a transfer of the
 *       target's rows alone, and {@code + L_MEM}
 * </ul>
 *
 * <p>Shapley credits and stage weights come with the rows, as they do for every network.
 */
final class Combined implements TagModel, CosineView {

  private final VirtualKernelExperts experts;
  private final VirtualKernelGates gates;
  private final TagTower tagTower;
  private final @Nullable PrivilegedViews views;
  private final @Nullable SupplementaryNetwork supplementary;
  private final @Nullable UserTransfer transfer;
  private final TaskScales scales;
  private final boolean auxiliary;
  private final float rho;

  /**
   * A network.
   *
   * @param fields {@code F}
   * @param embedding {@code e}
   * @param privileged number of privileged fields, {@code P}
   * @param expertsOfTask per task its experts, ascending
   * @throws IllegalArgumentException when the configuration names fields that are not there
   */
  Combined(
      int fields, int embedding, int privileged, List<int[]> expertsOfTask, ModelConfig sizes) {
    int tasks = expertsOfTask.size();
    int dimension = sizes.dimension();
    int expertCount = ExpertSets.count(expertsOfTask);
    ExpertInteractions interactions =
        sizes.combined().units().isEmpty()
            ? null
            : new ExpertInteractions(
                expertCount, sizes.combined().units(), fields, embedding, dimension, sizes.dtn());
    transfer =
        sizes.combined().transfer()
            ? new UserTransfer(tasks, fields * embedding, expertCount, sizes)
            : null;
    experts =
        new VirtualKernelExperts(
            fields, embedding, dimension, sizes.hidden(), expertCount, interactions, transfer);
    gates = new VirtualKernelGates(embedding, dimension, expertsOfTask);
    tagTower = new TagTower(tasks, embedding, dimension, sizes.hidden());
    PrivilegedMaps maps = PrivilegedMaps.of(embedding, privileged, sizes);
    views = maps == null ? null : new PrivilegedViews(maps, tasks, fields, embedding, dimension);
    supplementary =
        maps == null || !sizes.ctmvm().supplementary()
            ? null
            : new SupplementaryNetwork(
                new PairInput(fields, embedding), privileged * embedding, sizes.hidden(), tasks);
    scales = new TaskScales(tasks, sizes.fixedScale());
    auxiliary = sizes.ctmvm().mapping() == Mapping.AMVM;
    rho = sizes.ctmvm().rho();
  }

  @Override
  public void declare(ParameterSet parameters) {
    experts.declare(parameters);
    tagTower.declare(parameters);
    gates.declare(parameters);
    if (views != null) {
      views.declare(parameters);
    }
    if (supplementary != null) {
      supplementary.declare(parameters);
    }
    scales.declare(parameters);
    if (transfer != null) {
      transfer.declare(parameters);
    }
  }

  @Override
  public void declareCopied(ParameterSet parameters) {
    if (transfer != null) {
      transfer.declareKnowledge(parameters);
    }
  }

  /**
   * The two sides of every row before they meet.
   *
   * @param users {@code E_u^j}: {@code K × [R, d]}
   * @param tags {@code A_j(X^t)}: {@code K × [R, d]}
   */
  private record Sides(List<NDArray> users, List<NDArray> tags) {}

  private Sides sides(Weights w, ModelInputs in) {
    NDList expertOutputs = experts.outputs(w, in.users());
    List<NDArray> heads = heads(w, in.tags());
    List<NDArray> users = new ArrayList<>();
    List<NDArray> tags = new ArrayList<>();
    for (int j = 0; j < gates.tasks(); j++) {
      NDArray tag = heads.get(j);
      users.add(gates.user(w, j, expertOutputs, tag, in));
      tags.add(Layers.rows(tag, in.rowTag()));
    }
    return new Sides(users, tags);
  }

  /** {@code A_j(X^t)} of distinct tags: {@code K × [D, d]}. */
  private List<NDArray> heads(Weights w, NDArray tags) {
    NDArray shared = tagTower.shared(w, tags);
    return IntStream.range(0, gates.tasks()).mapToObj(j -> tagTower.head(w, j, shared)).toList();
  }

  /** Logits of all rows. */
  private NDArray logits(Weights w, Sides sides) {
    NDList cosines = new NDList();
    for (int j = 0; j < gates.tasks(); j++) {
      cosines.add(Layers.cosine(sides.users().get(j), sides.tags().get(j)));
    }
    return scales.apply(w, Layers.concat(cosines, 1));
  }

  /** Logits of the first rows, whose items have, or are said to have, these privileged values. */
  private NDArray logits(Weights w, Sides sides, PrivilegedViews of, NDArray values) {
    int rows = Math.toIntExact(values.getShape().get(0));
    NDList cosines = new NDList();
    for (int j = 0; j < gates.tasks(); j++) {
      NDArray user = Layers.firstRows(sides.users().get(j), rows);
      NDArray tag = Layers.firstRows(sides.tags().get(j), rows);
      cosines.add(Layers.cosine(user, tag.add(of.gained(w, j, values))));
    }
    return scales.apply(w, Layers.concat(cosines, 1));
  }

  /** Every row is of the target. */
  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    Sides sides = sides(w, in);
    if (views == null) {
      return logits(w, sides);
    }
    List<NDArray> ofTags = views.maps().views(w, in.tags());
    return logits(w, sides, views, views.aggregated(w, in, ofTags));
  }

  @Override
  public TrainingOutputs training(Weights w, ModelInputs in) {
    if (transfer == null) {
      return ofTarget(w, in);
    }
    EntityRows rows = EntityRows.of(in.features());
    NDList logits = new NDList();
    List<Auxiliary> further = new ArrayList<>();
    List<NDArray> penalties = new ArrayList<>();
    if (rows.target().length > 0) {
      ModelInputs target = in.of(w, rows.target());
      TrainingOutputs second = ofTarget(w, target);
      logits.add(second.logits());
      second.auxiliary().forEach(each -> further.add(each.among(rows.target())));
      if (second.penalty() != null) {
        penalties.add(second.penalty());
      }
      UserTransfer.Said first = transfer.said(w, target, Entity.TARGET, heads(w, target.tags()));
      further.add(new Auxiliary(first.logits(), rows.target()));
      penalties.add(first.penalty());
    }
    if (rows.source().length > 0) {
      ModelInputs source = in.of(w, rows.source());
      UserTransfer.Said first = transfer.said(w, source, Entity.SOURCE, heads(w, source.tags()));
      logits.add(first.logits());
      penalties.add(first.penalty());
    }
    NDArray penalty = penalties.stream().reduce(NDArray::add).orElseThrow();
    return new TrainingOutputs(rows.joined(w, logits), further, penalty);
  }

  /** Training of rows of the kind that profiles are for. */
  private TrainingOutputs ofTarget(Weights w, ModelInputs in) {
    if (views == null) {
      return TrainingOutputs.of(logits(w, in));
    }
    Sides sides = sides(w, in);
    List<NDArray> ofTags = views.maps().views(w, in.tags());
    NDArray logits = logits(w, sides, views, views.aggregated(w, in, ofTags));
    ModelInputs shown = in.shownRows();
    PrivilegedMaps.Selected selected = views.maps().select(shown, ofTags);
    List<Auxiliary> further = new ArrayList<>();
    if (auxiliary) {
      further.add(Auxiliary.ofFirst(logits(w, sides, views, selected.values())));
    }
    if (supplementary != null) {
      further.add(Auxiliary.ofFirst(supplementary.logits(w, shown)));
    }
    NDArray loss = selected.loss();
    return new TrainingOutputs(logits, further, loss.mul(Layers.constant(loss, rho)));
  }

  @Override
  public FactoredView factored() {
    return this;
  }

  @Override
  public List<Side> users(Weights w, UserInputs users) {
    return gates.users(w, experts.outputs(w, users));
  }

  /** Of tag vectors that no user changes: at most one view of each group. */
  @Override
  public List<Side> tags(Weights w, NDArray tags) {
    NDArray shared = tagTower.shared(w, tags);
    NDArray mapped =
        views == null ? null : Layers.concat(new NDList(views.maps().views(w, tags)), 1);
    List<Side> sides = new ArrayList<>();
    for (int j = 0; j < gates.tasks(); j++) {
      NDArray tag = tagTower.head(w, j, shared);
      NDArray vector = views == null || mapped == null ? tag : tag.add(views.gained(w, j, mapped));
      sides.add(gates.tags(w, j, tag, vector));
    }
    return sides;
  }

  @Override
  public FactoredTags tagSide(Weights w, NDArray tags, NDManager owner) {
    return views != null && views.gated()
        ? new ViewedTags(experts, gates, tagTower, views, w, tags, owner)
        : CosineView.super.tagSide(w, tags, owner);
  }

  @Override
  public GatedByTags gatedByTags() {
    return gates.over(tagTower);
  }

  @Override
  public float[][] scales(ParameterSet parameters) {
    return scales.values(parameters);
  }
}

package io.tagstream.learner.frozen;

import ai.djl.ndarray.NDManager;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.embedding.EmbeddingTable;
import io.tagstream.learner.embedding.FrozenRows;
import io.tagstream.learner.embedding.RowPage;
import io.tagstream.learner.model.HostBuffer;
import io.tagstream.learner.model.Parameter;
import io.tagstream.learner.model.ParameterSet;
import io.tagstream.learner.model.TagModel;
import io.tagstream.learner.model.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The frozen copy of a part of a network, dense parameters and embedding rows, swapped for the
 * live, warm one between steps. Between swaps nothing of it changes.
 *
 * <p>Before the first swap its parameters are the initial ones and every feature is unknown to it.
 */
public final class FrozenCopy {

  private final int every;
  private final int dimension;
  private final ParameterSet copied;
  private final List<Parameter> live = new ArrayList<>();
  private FrozenRows rows;
  private long swaps;

  private FrozenCopy(LearnerConfig config, ParameterSet copied, ParameterSet all) {
    this.every = config.model().mkt().refreshSteps();
    this.dimension = config.embedding().dimension();
    this.copied = copied;
    Map<String, Parameter> byName =
        all.all().stream().collect(Collectors.toMap(Parameter::name, Function.identity()));
    for (Parameter parameter : copied.all()) {
      live.add(Objects.requireNonNull(byName.get(parameter.name()), parameter.name()));
    }
    this.rows = FrozenRows.none(dimension);
  }

  /**
   * The copy that a network reads; null where it reads none.
   *
   * @param all the network's live parameters
   */
  public static @Nullable FrozenCopy of(LearnerConfig config, TagModel model, ParameterSet all) {
    ParameterSet copied = new ParameterSet(config.seed());
    model.declareCopied(copied);
    return copied.all().isEmpty() ? null : new FrozenCopy(config, copied, all);
  }

  /** Takes a new copy where one is due. */
  public void afterStep(long step, EmbeddingTable table) {
    if (step % every != 0) {
      return;
    }
    for (int p = 0; p < live.size(); p++) {
      float[] warm = live.get(p).values();
      System.arraycopy(warm, 0, copied.all().get(p).values(), 0, warm.length);
    }
    rows = table.copyRows();
    swaps++;
  }

  /** Times it was swapped. */
  public long swaps() {
    return swaps;
  }

  /** The copied parameters, by the names of those they were copied from; moments are unused. */
  public List<Parameter> parameters() {
    return copied.all();
  }

  /** The copied rows. */
  public FrozenRows rows() {
    return rows;
  }

  /** The copied parameters as tensors. */
  public Weights weights(NDManager manager, HostBuffer buffer) {
    return new Weights(manager, buffer, copied, false);
  }

  /**
   * Continues with parameters that were written into {@link #parameters} and these rows.
   *
   * @param state all pages of the state
   */
  public void restore(long swapsBefore, List<RowPage> state) {
    swaps = swapsBefore;
    rows = FrozenRows.among(state, dimension);
  }
}

package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.ModelConfig;

/**
 * PLE (Tang et al., RecSys 2020, "Progressive Layered Extraction"), and CGC with one level; the
 * backbone of STAN (STAN eq. 1–4): {@link Extraction} on {@code x = [user; tag]}, whose mixtures go
 * to towers, {@code [R, d] → [R, 1]}.
 */
final class ProgressiveExtraction implements TagModel {

  private final Extraction extraction;
  private final TaskTowers towers;

  /**
   * A network.
   *
   * @param tasks {@code K}
   * @param input what a row is
   */
  ProgressiveExtraction(int tasks, PairInput input, ModelConfig sizes) {
    this.extraction = new Extraction("", tasks, input, 0, sizes);
    this.towers = new TaskTowers(tasks, sizes.dimension(), sizes.multiTask().tower());
  }

  @Override
  public void declare(ParameterSet parameters) {
    extraction.declare(parameters);
    towers.declare(parameters);
  }

  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    return towers.logits(w, extraction.mixtures(w, in));
  }
}

package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.ModelConfig;

/**
 * The YouTube network (Covington et al., RecSys 2016, "Deep Neural Networks for YouTube
 * Recommendations") as CTMVM's paper compares with it, in single-tower form: embeddings of every
 * field averaged and concatenated, then a tower, {@code ŷ = σ(Φ(X^u, X^t))}, {@code [R, F·e + e] →
 * [R, K]}.
 *
 * <p>{@code X^t} is the mean of the item's tags with {@code batch.tags-input = pooled}, as in that
 * comparison. The original has a user tower alone, trained as a softmax over all videos with
 * sampled ones; here labels of what was shown are known, so it is a logistic output per task. Its
 * layers are those of CTMVM's tower (tanh), whose base it is: what is compared is the input.
 */
final class YouTube implements TagModel {

  private final PairTower tower;

  /**
   * A network.
   *
   * @param tasks {@code K}
   * @param input what a row is
   */
  YouTube(int tasks, PairInput input, ModelConfig sizes) {
    this.tower = new PairTower("main", input, 0, sizes.hidden(), tasks);
  }

  @Override
  public void declare(ParameterSet parameters) {
    tower.declare(parameters);
  }

  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    return tower.logits(w, tower.pair(w, in));
  }
}

package io.tagstream.learner.scoring;

import io.tagstream.learner.model.FactoredTags;
import io.tagstream.learner.model.Weights;

/** Users and tags as two sides of matrix products. */
final class FactoredTagSide implements TagSide {

  private final FactoredTags tags;
  private final float[][] scales;

  /**
   * A side.
   *
   * @param scales per task {@code e^θ} and {@code b}: {@code [2][K]}
   */
  FactoredTagSide(FactoredTags tags, float[][] scales) {
    this.tags = tags;
    this.scales = scales;
  }

  @Override
  public int usersPerChunk() {
    return tags.usersAtOnce();
  }

  @Override
  public Scores score(Weights w, UserChunk users) {
    FactoredTags.Cosines cosines = tags.with(w, users.inputs());
    return (task, target) -> Weights.readContiguous(cosines.of(task), target);
  }

  @Override
  public float[] scale(int task) {
    return new float[] {scales[0][task], scales[1][task]};
  }
}

package io.tagstream.learner.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.tagstream.learner.model.FrozenInputs;
import io.tagstream.learner.model.ModelInputs;
import io.tagstream.learner.model.RowFeatures;
import io.tagstream.learner.model.TagModel;
import io.tagstream.learner.model.UserInputs;
import io.tagstream.learner.model.Weights;
import org.jspecify.annotations.Nullable;

/** Every user with every tag through the network, as in training. */
final class PairwiseTagSide implements TagSide {

  /** Rows of one pass: what they need of memory is a few times the network's widest layer. */
  private static final int ROWS = 4096;

  private static final float[] LOGITS = {1f, 0f};

  private final TagModel model;
  private final int tasks;
  private final NDArray tags;
  private final @Nullable NDArray copiedTags;
  private final long[] tagIds;

  /**
   * Keeps the tags.
   *
   * @param manager keeps them
   * @param tags embedding values, {@code [T, e]}
   * @param copied those of the network's frozen copy, {@code [T, e]}; null without one
   * @param tagIds their feature ids, {@code [T]}
   */
  PairwiseTagSide(
      TagModel model,
      int tasks,
      NDManager manager,
      NDArray tags,
      @Nullable NDArray copied,
      long[] tagIds) {
    this.model = model;
    this.tasks = tasks;
    this.tags = Weights.kept(tags, manager);
    this.copiedTags = copied == null ? null : Weights.kept(copied, manager);
    this.tagIds = tagIds;
  }

  @Override
  public int usersPerChunk() {
    return Math.max(1, ROWS / tagIds.length);
  }

  @Override
  public Scores score(Weights w, UserChunk users) {
    int[] impression = new int[users.count() * tagIds.length];
    int[] tag = new int[impression.length];
    for (int row = 0; row < impression.length; row++) {
      impression[row] = row / tagIds.length;
      tag[row] = row % tagIds.length;
    }
    UserInputs of = users.inputs();
    RowFeatures rows = new RowFeatures(impression, tag, tagIds, of.fieldOffsets(), of.fieldIds());
    ModelInputs inputs = inputs(w, users.tensors(), tags, rows);
    if (users.frozen() != null && copiedTags != null) {
      Weights frozen = users.frozen().weights();
      inputs =
          inputs.withFrozen(
              new FrozenInputs(frozen, inputs(frozen, users.frozen().tensors(), copiedTags, rows)));
    }
    float[] logits = Weights.read(model.logits(w, inputs));
    return (task, target) -> {
      for (int row = 0; row < impression.length; row++) {
        target[row] = logits[row * tasks + task];
      }
    };
  }

  private static ModelInputs inputs(
      Weights w, UserTensors users, NDArray ofTags, RowFeatures rows) {
    return ModelInputs.of(w, users.fields(), ofTags, null, rows).withHistory(users.history());
  }

  @Override
  public float[] scale(int task) {
    return LOGITS;
  }
}

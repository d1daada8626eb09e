package io.tagstream.learner.training;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.embedding.EmbeddingTable;
import io.tagstream.learner.embedding.FieldBags;
import io.tagstream.learner.embedding.FieldSequence;
import io.tagstream.learner.embedding.PooledBags;
import io.tagstream.learner.frozen.FrozenCopy;
import io.tagstream.learner.model.FrozenInputs;
import io.tagstream.learner.model.History;
import io.tagstream.learner.model.HostBuffer;
import io.tagstream.learner.model.ModelInputs;
import io.tagstream.learner.model.RowFeatures;
import io.tagstream.learner.model.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From a batch to what the network sees of it, and back from gradients to rows. Bags stand in this
 * order: user fields, privileged fields where the network reads them, tags, and the places of a
 * sequence where it reads one.
 */
final class StepInputs {

  private final LearnerConfig config;
  private final EmbeddingTable table;
  private final FieldBags bags;
  private final HostBuffer buffer;
  private final int privileged;
  private final @Nullable FieldSequence sequence;
  private final @Nullable FrozenCopy copy;

  StepInputs(
      LearnerConfig config,
      EmbeddingTable table,
      HostBuffer buffer,
      @Nullable FieldSequence sequence,
      @Nullable FrozenCopy copy) {
    this.config = config;
    this.table = table;
    this.bags = new FieldBags(table.dimension());
    this.buffer = buffer;
    this.privileged = config.model().readsPrivileged() ? config.privilegedFields() : 0;
    this.sequence = sequence;
    this.copy = copy;
  }

  /** Takes a batch whose features count as sighted. */
  void sight(MicroBatch batch, TrainingRows rows) {
    load(batch, rows);
    table.sight(bags.distinct(), batch.maxEventTimeMillis(), bags.slots());
  }

  /** Takes a batch; nothing of the table changes. */
  void find(MicroBatch batch, TrainingRows rows) {
    load(batch, rows);
    table.find(bags.distinct(), bags.slots());
  }

  private void load(MicroBatch batch, TrainingRows rows) {
    bags.load(batch.impressions() * batch.fields(), batch.fieldOffsets(), batch.fieldIds());
    if (privileged > 0) {
      bags.loadMore(
          batch.impressions() * privileged, batch.privilegedOffsets(), batch.privilegedIds());
    }
    bags.loadMore(rows.tagBags(), rows.tagOffsets(), rows.tagIds());
    if (sequence != null) {
      sequence.loadMore(bags, batch.impressions(), batch.fieldOffsets(), batch.fieldIds());
    }
  }

  /** The tensors of the batch that was taken last. */
  ModelInputs tensors(Weights w, MicroBatch batch, TrainingRows rows) {
    RowFeatures features = features(batch, rows);
    float[] pooled = bags.pool(table);
    ModelInputs inputs = tensors(w, pooled, sequence == null ? null : bags.known(), true, features);
    if (copy == null) {
      return inputs;
    }
    PooledBags copied = bags.poolCopy(copy.rows());
    Weights frozen = copy.weights(w.manager(), buffer);
    return inputs.withFrozen(
        new FrozenInputs(
            frozen, tensors(frozen, copied.values(), copied.known(), false, features)));
  }

  /**
   * Tensors of pooled bags.
   *
   * @param known which bags have a known feature; null where no sequence is read
   */
  private ModelInputs tensors(
      Weights w,
      float[] pooled,
      boolean @Nullable [] known,
      boolean trained,
      RowFeatures features) {
    int impressions = (features.fieldOffsets().length - 1) / config.userFields();
    int tags = features.tagOffsets().length - 1;
    int ofUsers = impressions * config.userFields();
    int ofItems = impressions * privileged;
    NDArray fields = leaf(w, pooled, 0, impressions, config.userFields(), trained);
    NDArray items =
        privileged == 0 ? null : leaf(w, pooled, ofUsers, impressions, privileged, trained);
    NDArray ofTags = leaf(w, pooled, ofUsers + ofItems, tags, 1, trained);
    ModelInputs inputs = ModelInputs.of(w, fields, ofTags, items, features);
    if (sequence == null || known == null) {
      return inputs;
    }
    int from = ofUsers + ofItems + tags;
    int to = from + impressions * sequence.length();
    float[] values = slice(pooled, from, to);
    boolean[] places = Arrays.copyOfRange(known, from, to);
    return inputs.withHistory(History.of(w, values, places, impressions, trained));
  }

  /** Pooled bags from one on, so many to a row. */
  private NDArray leaf(Weights w, float[] pooled, int from, int rows, int perRow, boolean trained) {
    float[] values = slice(pooled, from, from + rows * perRow);
    return w.input(values, values.length, trained, rows, (long) perRow * table.dimension());
  }

  private float[] slice(float[] pooled, int from, int to) {
    return Arrays.copyOfRange(pooled, from * table.dimension(), to * table.dimension());
  }

  private RowFeatures features(MicroBatch batch, TrainingRows rows) {
    RowFeatures features = rows.features();
    if (!config.model().readsEntities()) {
      return features;
    }
    boolean[] source = new boolean[batch.impressions()];
    for (int i = 0; i < source.length; i++) {
      String entity = batch.entities().get(i);
      source[i] = !entity.isEmpty() && !entity.equals(config.model().mkt().targetEntity());
    }
    return features.withSource(source);
  }

  /** Brings the tensors' gradients to their rows; returns their squared norm. */
  double collectGradients(ModelInputs inputs) {
    List<NDArray> leaves = new ArrayList<>(List.of(inputs.fields()));
    if (inputs.privileged() != null) {
      leaves.add(inputs.privileged());
    }
    leaves.add(inputs.tags());
    if (inputs.history() != null) {
      leaves.add(inputs.history().values());
    }
    float[] pooled = new float[leaves.stream().mapToInt(leaf -> (int) leaf.size()).sum()];
    int at = 0;
    for (NDArray leaf : leaves) {
      float[] values = new float[Math.toIntExact(leaf.size())];
      if (Weights.readGradient(leaf, values)) {
        System.arraycopy(values, 0, pooled, at, values.length);
      }
      at += values.length;
    }
    bags.clearGradients();
    bags.addBagGradients(pooled);
    return bags.squaredNorm();
  }

  /** Moves the rows by what was collected. */
  void applyGradients() {
    table.applyGradients(bags.slots(), bags.distinct().size(), bags.gradients());
  }
}

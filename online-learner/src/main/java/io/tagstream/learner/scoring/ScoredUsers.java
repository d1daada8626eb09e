package io.tagstream.learner.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.tagstream.learner.embedding.EmbeddingTable;
import io.tagstream.learner.embedding.FieldBags;
import io.tagstream.learner.embedding.FieldSequence;
import io.tagstream.learner.embedding.PooledBags;
import io.tagstream.learner.frozen.FrozenCopy;
import io.tagstream.learner.model.History;
import io.tagstream.learner.model.HostBuffer;
import io.tagstream.learner.model.Weights;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the network, and its frozen copy, see of users: bags of all of them are pooled once, and
 * become tensors chunk by chunk.
 */
final class ScoredUsers {

  private final int fields;
  private final EmbeddingTable table;
  private final HostBuffer buffer;
  private final @Nullable FieldSequence sequence;
  private final @Nullable FrozenCopy copy;
  private final FieldBags bags;
  private int users;
  private PooledBags pooled = new PooledBags(new float[0], new boolean[0]);
  private PooledBags copied = pooled;

  /** Inputs of users with so many fields. */
  ScoredUsers(
      int fields,
      EmbeddingTable table,
      HostBuffer buffer,
      @Nullable FieldSequence sequence,
      @Nullable FrozenCopy copy) {
    this.fields = fields;
    this.table = table;
    this.buffer = buffer;
    this.sequence = sequence;
    this.copy = copy;
    this.bags = new FieldBags(table.dimension());
  }

  /** Takes users' bags; nothing of the table changes. */
  void load(int userCount, int[] fieldOffsets, long[] fieldIds) {
    users = userCount;
    bags.load(users * fields, fieldOffsets, fieldIds);
    if (sequence != null) {
      sequence.loadMore(bags, users, fieldOffsets, fieldIds);
    }
    table.find(bags.distinct(), bags.slots());
    pooled = new PooledBags(bags.pool(table), sequence == null ? new boolean[0] : bags.known());
    if (copy != null) {
      copied = bags.poolCopy(copy.rows());
    }
  }

  /** The frozen copy's parameters, for all chunks; null without one. */
  @Nullable Weights frozenWeights(NDManager manager) {
    return copy == null ? null : copy.weights(manager, buffer);
  }

  /** What the network sees of some users. */
  UserTensors tensors(Weights w, int from, int count) {
    return tensors(w, pooled, from, count);
  }

  /** What the frozen copy sees of them. */
  UserTensors copiedTensors(Weights w, int from, int count) {
    return tensors(w, copied, from, count);
  }

  private UserTensors tensors(Weights w, PooledBags of, int from, int count) {
    float[] own = slice(of, from * fields, (from + count) * fields);
    NDArray values = w.input(own, own.length, false, count, (long) fields * table.dimension());
    if (sequence == null) {
      return new UserTensors(values, null);
    }
    int first = users * fields + from * sequence.length();
    int last = first + count * sequence.length();
    boolean[] known = Arrays.copyOfRange(of.known(), first, last);
    return new UserTensors(values, History.of(w, slice(of, first, last), known, count, false));
  }

  private float[] slice(PooledBags of, int from, int to) {
    return Arrays.copyOfRange(of.values(), from * table.dimension(), to * table.dimension());
  }
}

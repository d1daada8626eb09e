package io.tagstream.learner.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.embedding.EmbeddingTable;
import io.tagstream.learner.embedding.FieldBags;
import io.tagstream.learner.model.FactoredView;
import io.tagstream.learner.model.HostBuffer;
import io.tagstream.learner.model.OwnTagTerm;
import io.tagstream.learner.model.ParameterSet;
import io.tagstream.learner.model.TagModel;
import io.tagstream.learner.model.Weights;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores users by the model's factored view. The tag side is computed once and kept until {@link
 * #renew}; the user side, in chunks whose products stay in the processor's cache.
 *
 * <p>Tags that are denied, or have no embedding row, are not scored.
 */
public final class FactoredScorer implements ProfileScorer, AutoCloseable {

  private static final int USERS_PER_CHUNK = 128;

  private final LearnerConfig config;
  private final NDManager root;
  private final FactoredView view;
  private final @Nullable OwnTagTerm ownTags;
  private final ParameterSet parameters;
  private final EmbeddingTable table;
  private final TagVocabulary vocabulary;
  private final FieldBags bags;
  private final HostBuffer buffer = new HostBuffer();
  private final TopTags top;
  private float[] cosines = new float[0];
  private @Nullable TagSide tagSide;

  /** A scorer over live parameters, table and vocabulary. */
  public FactoredScorer(
      LearnerConfig config,
      NDManager root,
      TagModel model,
      @Nullable OwnTagTerm ownTags,
      ParameterSet parameters,
      EmbeddingTable table,
      TagVocabulary vocabulary) {
    this.config = config;
    this.root = root;
    this.view = model.factored();
    this.ownTags = ownTags;
    this.parameters = parameters;
    this.table = table;
    this.vocabulary = vocabulary;
    this.bags = new FieldBags(table.dimension());
    this.top = new TopTags(config.scoring().candidates());
  }

  /**
   * Scored tags with their side of the products, transposed: {@code [m·d, T]}, {@code [m·m, T]}.
   */
  private record TagSide(
      NDManager manager,
      List<String> names,
      Long2IntOpenHashMap columns,
      List<NDArray> vectors,
      List<NDArray> squares,
      NDArray epsilon,
      List<float[]> scales) {}

  /** Forgets the tag side: parameters or rows have changed. */
  public void renew() {
    if (tagSide != null) {
      tagSide.manager().close();
      tagSide = null;
    }
  }

  @Override
  public void close() {
    renew();
  }

  @Override
  public Candidates score(int users, int[] fieldOffsets, long[] fieldIds) {
    int fields = config.userFields();
    if (fieldOffsets.length != users * fields + 1) {
      throw new IllegalArgumentException(
          "users: %d with %d bags - expected %d bags each (learner.user-fields)"
              .formatted(users, fieldOffsets.length - 1, fields));
    }
    JniUtils.setGradMode(false);
    try {
      TagSide tags = tagSide == null ? computeTags() : tagSide;
      tagSide = tags;
      int tasks = config.tasks().size();
      int perTask = Math.min(config.scoring().candidates(), tags.names().size());
      int[] indices = new int[users * tasks * perTask];
      float[] scores = new float[indices.length];
      if (perTask > 0) {
        bags.load(users * fields, fieldOffsets, fieldIds);
        table.find(bags.distinct(), bags.slots());
        float[] pooled = bags.pool(table);
        int width = fields * table.dimension();
        try (NDManager manager = root.newSubManager()) {
          Weights w = new Weights(manager, buffer, parameters, false);
          for (int from = 0; from < users; from += USERS_PER_CHUNK) {
            int count = Math.min(USERS_PER_CHUNK, users - from);
            float[] chunk = Arrays.copyOfRange(pooled, from * width, (from + count) * width);
            Chunk part = new Chunk(from, count, chunk, fieldOffsets, fieldIds);
            scoreChunk(w, tags, part, perTask, indices, scores);
          }
        }
      }
      return new Candidates(users, tasks, perTask, tags.names(), indices, scores);
    } finally {
      JniUtils.setGradMode(true);
    }
  }

  /** Users {@code from} on, with their pooled fields {@code [count, F·e]} and all users' bags. */
  @SuppressWarnings("ArrayRecordComponent") // handed down, never compared
  private record Chunk(int from, int count, float[] pooled, int[] fieldOffsets, long[] fieldIds) {}

  private void scoreChunk(
      Weights parameters, TagSide tags, Chunk chunk, int perTask, int[] indices, float[] scores) {
    float[] pooled = chunk.pooled();
    int count = chunk.count();
    int tasks = config.tasks().size();
    int width = tags.names().size();
    if (cosines.length < count * width) {
      cosines = new float[count * width];
    }
    try (NDManager manager = root.newSubManager()) {
      Weights w = parameters.under(manager);
      NDArray fields = w.input(pooled, pooled.length, false, count, pooled.length / count);
      List<FactoredView.Side> sides = view.users(w, fields);
      for (int k = 0; k < tasks; k++) {
        Weights.readContiguous(cosines(sides.get(k), tags, k), cosines);
        for (int u = 0; u < count; u++) {
          addOwnTags(tags, chunk, u, k);
          int at = ((chunk.from() + u) * tasks + k) * perTask;
          top.select(cosines, u * width, width, indices, scores, at);
          toProbabilities(scores, at, perTask, tags.scales().get(k));
        }
      }
    }
  }

  /** Of every user of a chunk with every tag: {@code [users, T]}. */
  private static NDArray cosines(FactoredView.Side users, TagSide tags, int task) {
    NDArray product = users.vectors().matMul(tags.vectors().get(task));
    NDArray square = users.squares().matMul(tags.squares().get(task));
    return product.divi(square.maximum(tags.epsilon()).sqrt());
  }

  /** The term as part of the cosine: {@code e^θ (cos + term / e^θ) + b}. */
  private void addOwnTags(TagSide tags, Chunk chunk, int user, int task) {
    if (ownTags == null) {
      return;
    }
    float[] weights = parameters.all().get(OwnTagTerm.index(parameters)).values();
    float scale = tags.scales().get(task)[0];
    int fields = config.userFields();
    int first = (chunk.from() + user) * fields;
    for (int f = 0; f < fields; f++) {
      int from = chunk.fieldOffsets()[first + f];
      for (int n = from; n < chunk.fieldOffsets()[first + f + 1]; n++) {
        int column = tags.columns().get(chunk.fieldIds()[n]);
        if (column >= 0) {
          cosines[user * tags.names().size() + column] +=
              ownTags.weight(weights, task, OwnTagTerm.column(f, n - from)) / scale;
        }
      }
    }
  }

  private static void toProbabilities(float[] scores, int at, int count, float[] scale) {
    for (int n = at; n < at + count; n++) {
      scores[n] = (float) (1 / (1 + Math.exp(-(scale[0] * scores[n] + scale[1]))));
    }
  }

  private TagSide computeTags() {
    List<String> names = new ArrayList<>();
    Long2IntOpenHashMap columns = new Long2IntOpenHashMap();
    columns.defaultReturnValue(-1);
    List<Integer> slots = new ArrayList<>();
    for (int tag = 0; tag < vocabulary.size(); tag++) {
      int slot = table.find(vocabulary.id(tag));
      if (slot >= 0 && !config.scoring().deniedTags().contains(vocabulary.name(tag))) {
        columns.put(vocabulary.id(tag), names.size());
        names.add(vocabulary.name(tag));
        slots.add(slot);
      }
    }
    NDManager manager = root.newSubManager();
    NDArray epsilon = manager.create(new float[] {FactoredView.EPSILON});
    List<NDArray> vectors = new ArrayList<>();
    List<NDArray> squareSides = new ArrayList<>();
    List<float[]> scales = new ArrayList<>();
    if (!names.isEmpty()) {
      int[] rows = slots.stream().mapToInt(Integer::intValue).toArray();
      float[] values = new float[rows.length * table.dimension()];
      table.gather(rows, rows.length, values);
      try (NDManager scratch = manager.newSubManager()) {
        Weights w = new Weights(scratch, buffer, parameters, false);
        NDArray tags = w.input(values, values.length, false, rows.length, table.dimension());
        float[][] taskScales = view.scales(parameters);
        List<FactoredView.Side> sides = view.tags(w, tags);
        for (int k = 0; k < sides.size(); k++) {
          vectors.add(kept(sides.get(k).vectors(), manager));
          squareSides.add(kept(sides.get(k).squares(), manager));
          scales.add(new float[] {taskScales[0][k], taskScales[1][k]});
        }
      }
    }
    return new TagSide(manager, List.copyOf(names), columns, vectors, squareSides, epsilon, scales);
  }

  private static NDArray kept(NDArray side, NDManager manager) {
    NDArray transposed = side.transpose().duplicate();
    transposed.attach(manager);
    return transposed;
  }
}

package io.tagstream.learner.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.embedding.EmbeddingTable;
import io.tagstream.learner.embedding.FieldSequence;
import io.tagstream.learner.frozen.FrozenCopy;
import io.tagstream.learner.model.FactoredView;
import io.tagstream.learner.model.GatedByTags;
import io.tagstream.learner.model.HostBuffer;
import io.tagstream.learner.model.LogitTerms;
import io.tagstream.learner.model.OwnTagTerm;
import io.tagstream.learner.model.ParameterSet;
import io.tagstream.learner.model.TagModel;
import io.tagstream.learner.model.Weights;
import it.unimi.dsi.fastutil.ints.Int2ObjectMap;
import it.unimi.dsi.fastutil.ints.Int2ObjectMaps;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Scores users over the whole vocabulary, by the model's factored view or pair by pair. The tags'
 * side is computed once and kept until {@link #renew}; users come in chunks.
 *
 * <p>Tags that are denied, or have no embedding row, are not scored.
 */
public final class VocabularyScorer implements ProfileScorer, AutoCloseable {

  private final LearnerConfig config;
  private final int outputs;
  private final NDManager root;
  private final TagModel model;
  private final LogitTerms terms;
  private final ParameterSet parameters;
  private final EmbeddingTable table;
  private final TagVocabulary vocabulary;
  private final @Nullable FrozenCopy copy;
  private final ScoredUsers inputs;
  private final HostBuffer buffer = new HostBuffer();
  private final TopTags top;
  private float[] scores = new float[0];
  private @Nullable ScoredTags scoredTags;

  /**
   * A scorer over live parameters, table and vocabulary.
   *
   * @param sequence what the network reads of users as a sequence
   * @param copy the network's frozen copy
   */
  public VocabularyScorer(
      LearnerConfig config,
      NDManager root,
      TagModel model,
      LogitTerms terms,
      ParameterSet parameters,
      EmbeddingTable table,
      TagVocabulary vocabulary,
      @Nullable FieldSequence sequence,
      @Nullable FrozenCopy copy) {
    this.config = config;
    this.outputs = config.outputs().size();
    this.root = root;
    this.model = model;
    this.terms = terms;
    this.parameters = parameters;
    this.table = table;
    this.vocabulary = vocabulary;
    this.copy = copy;
    this.inputs = new ScoredUsers(config.userFields(), table, buffer, sequence, copy);
    this.top = new TopTags(config.scoring().candidates());
  }

  /**
   * The scored tags: their names, their columns by feature id, and the prior term {@code [T, O]},
   * empty without one.
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record ScoredTags(
      NDManager manager,
      List<String> names,
      Long2IntOpenHashMap columns,
      @Nullable TagSide side,
      float[] priors) {}

  /** Forgets the tags' side: parameters or rows have changed. */
  public void renew() {
    if (scoredTags != null) {
      scoredTags.manager().close();
      scoredTags = null;
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
      ScoredTags tags = scoredTags == null ? computeTags() : scoredTags;
      scoredTags = tags;
      int perOutput = Math.min(config.scoring().candidates(), tags.names().size());
      int[] indices = new int[users * outputs * perOutput];
      float[] best = new float[indices.length];
      if (tags.side() != null && perOutput > 0) {
        inputs.load(users, fieldOffsets, fieldIds);
        int perChunk = tags.side().usersPerChunk();
        try (NDManager manager = root.newSubManager()) {
          Weights w = new Weights(manager, buffer, parameters, false);
          Weights frozen = inputs.frozenWeights(manager);
          for (int from = 0; from < users; from += perChunk) {
            int count = Math.min(perChunk, users - from);
            try (NDManager scratch = root.newSubManager()) {
              Weights chunkWeights = w.under(scratch);
              UserChunk chunk =
                  new UserChunk(
                      from,
                      count,
                      fields,
                      inputs.tensors(chunkWeights, from, count),
                      frozen == null ? null : frozen(frozen.under(scratch), from, count),
                      fieldOffsets,
                      fieldIds);
              scoreChunk(chunkWeights, tags, tags.side(), chunk, perOutput, indices, best);
            }
          }
        }
      }
      return new Candidates(users, outputs, perOutput, tags.names(), indices, best);
    } finally {
      JniUtils.setGradMode(true);
    }
  }

  private UserChunk.Frozen frozen(Weights w, int from, int count) {
    return new UserChunk.Frozen(w, inputs.copiedTensors(w, from, count));
  }

  private void scoreChunk(
      Weights w,
      ScoredTags tags,
      TagSide side,
      UserChunk chunk,
      int perOutput,
      int[] indices,
      float[] best) {
    int width = tags.names().size();
    if (scores.length < chunk.count() * width) {
      scores = new float[chunk.count() * width];
    }
    List<Int2ObjectMap<float[]>> own = ownLogits(tags, chunk);
    TagSide.Scores scored = side.score(w, chunk);
    for (int k = 0; k < outputs; k++) {
      scored.read(k, scores);
      float[] scale = side.scale(k);
      float calibration = terms.calibration() == null ? 0f : terms.calibration().of(k, parameters);
      for (int u = 0; u < chunk.count(); u++) {
        addPriors(tags, u, k, scale[0]);
        mixOwnTags(own.get(u), u * width, k, scale);
        int at = ((chunk.first() + u) * outputs + k) * perOutput;
        top.select(scores, u * width, width, indices, best, at);
        toProbabilities(best, at, perOutput, scale, calibration);
      }
    }
  }

  private void addPriors(ScoredTags tags, int user, int output, float scale) {
    int width = tags.names().size();
    for (int t = 0; t * outputs < tags.priors().length; t++) {
      scores[user * width + t] += tags.priors()[t * outputs + output] / scale;
    }
  }

  /** Per user of the chunk: what each of the own tags that are scored gains, by column. */
  private List<Int2ObjectMap<float[]>> ownLogits(ScoredTags tags, UserChunk chunk) {
    if (terms.ownTags() == null) {
      return Collections.nCopies(chunk.count(), Int2ObjectMaps.emptyMap());
    }
    float[] weights = OwnTagTerm.weights(parameters);
    List<Int2ObjectMap<float[]>> users = new ArrayList<>(chunk.count());
    for (int user = chunk.first(); user < chunk.first() + chunk.count(); user++) {
      users.add(
          terms
              .ownTags()
              .logits(weights, user, chunk.fieldOffsets(), chunk.fieldIds(), tags.columns()));
    }
    return users;
  }

  /** Raw scores are {@code (logit − bias) / scale}. */
  private void mixOwnTags(Int2ObjectMap<float[]> own, int first, int output, float[] scale) {
    for (Int2ObjectMap.Entry<float[]> tag : own.int2ObjectEntrySet()) {
      int at = first + tag.getIntKey();
      float logit = scale[0] * scores[at] + scale[1];
      scores[at] = (OwnTagTerm.mix(logit, tag.getValue()[output]) - scale[1]) / scale[0];
    }
  }

  private static void toProbabilities(
      float[] scores, int at, int count, float[] scale, float calibration) {
    for (int n = at; n < at + count; n++) {
      float logit = scale[0] * scores[n] + scale[1] + calibration;
      scores[n] = (float) (1 / (1 + Math.exp(-logit)));
    }
  }

  /**
   * Tags that have a row and are not denied.
   *
   * @param slots of their rows
   * @param values their embedding values, {@code [T · e]}
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record KnownTags(
      List<String> names, LongArrayList ids, IntArrayList slots, float[] values) {}

  private KnownTags knownTags() {
    List<String> names = new ArrayList<>();
    IntArrayList slots = new IntArrayList();
    LongArrayList ids = new LongArrayList();
    for (int tag = 0; tag < vocabulary.size(); tag++) {
      int slot = table.find(vocabulary.id(tag));
      if (slot >= 0 && !config.scoring().deniedTags().contains(vocabulary.name(tag))) {
        names.add(vocabulary.name(tag));
        slots.add(slot);
        ids.add(vocabulary.id(tag));
      }
    }
    float[] values = new float[slots.size() * table.dimension()];
    table.gather(slots.toIntArray(), slots.size(), values);
    return new KnownTags(names, ids, slots, values);
  }

  private NDArray tensor(Weights w, KnownTags tags) {
    return w.input(
        tags.values(), tags.values().length, false, tags.names().size(), table.dimension());
  }

  private ScoredTags computeTags() {
    KnownTags known = knownTags();
    Long2IntOpenHashMap columns = new Long2IntOpenHashMap();
    columns.defaultReturnValue(-1);
    for (int tag = 0; tag < known.names().size(); tag++) {
      columns.put(known.ids().getLong(tag), tag);
    }
    NDManager manager = root.newSubManager();
    if (known.names().isEmpty()) {
      return new ScoredTags(manager, List.of(), columns, null, new float[0]);
    }
    try (NDManager scratch = manager.newSubManager()) {
      Weights w = new Weights(scratch, buffer, parameters, false);
      NDArray tags = tensor(w, known);
      float[] priors =
          terms.tagPrior() == null ? new float[0] : Weights.read(terms.tagPrior().of(w, tags));
      TagSide side = side(w, manager, tags, known);
      return new ScoredTags(manager, List.copyOf(known.names()), columns, side, priors);
    }
  }

  /** Which experts serve which tags; empty for a network without gates of tags. */
  public Optional<TagGates> gates() {
    KnownTags known = knownTags();
    GatedByTags gated = model.gatedByTags();
    if (gated == null || known.names().isEmpty()) {
      return Optional.empty();
    }
    List<TagGates.OfOutput> ofOutputs = new ArrayList<>();
    JniUtils.setGradMode(false);
    try (NDManager scratch = root.newSubManager()) {
      Weights w = new Weights(scratch, buffer, parameters, false);
      NDArray tags = tensor(w, known);
      for (int output = 0; output < outputs; output++) {
        float[] weights = Weights.read(gated.gates(w, output, tags));
        ofOutputs.add(
            new TagGates.OfOutput(config.outputs().get(output), gated.experts(output), weights));
      }
    } finally {
      JniUtils.setGradMode(true);
    }
    return Optional.of(new TagGates(known.names(), ofOutputs));
  }

  /** The tags' rows in the frozen copy, {@code [T, e]}; null without one. */
  private @Nullable NDArray copiedTags(Weights w, KnownTags tags) {
    if (copy == null) {
      return null;
    }
    float[] values = new float[tags.values().length];
    for (int t = 0; t < tags.names().size(); t++) {
      copy.rows()
          .read(tags.ids().getLong(t), tags.slots().getInt(t), values, t * table.dimension());
    }
    return w.input(values, values.length, false, tags.names().size(), table.dimension());
  }

  private TagSide side(Weights w, NDManager manager, NDArray tags, KnownTags known) {
    FactoredView view = model.factored();
    return view == null
        ? new PairwiseTagSide(
            model, outputs, manager, tags, copiedTags(w, known), known.ids().toLongArray())
        : new FactoredTagSide(view.tagSide(w, tags, manager), view.scales(parameters));
  }
}

package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.ModelConfig.Masking;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * CWTM, contrast weighted tag masking (Zhu et al., KDD 2022, "User-tag Profile Modeling in
 * Recommendation System via Contrast Weighted Tag Masking"), on two towers: training sees one tag
 * of each item, as a profile does, and the others are masked.
 *
 * <ul>
 *   <li>RMM: the tag that stays is drawn uniformly
 *   <li>WMM: an importance network scores an item's tags, {@code s_t = h(X^u, X^t)}, and the tag is
 *       drawn from {@code softmax(s)}: {@code z = onehot(argmax_t(s_t + G_t))} with Gumbel noise
 *       {@code G}; backward, {@code z} is {@code softmax(s + G)}
 *   <li>{@code X = Σ_t z_t X^t}: {@code [G, e]}, one vector per item; every row of the item is
 *       trained on {@code logit(X^u, X)} of {@link TwoTower}
 *   <li>CM: what the tag tower {@code E} makes of the tag that stayed is drawn to what it makes of
 *       all tags averaged, {@code X̄}, and away from other items': {@code L_c = −Σ_i log
 *       (exp(cos(E(X_i), E(X̄_i)) / τ) / Σ_j exp(cos(E(X_i), E(X̄_j)) / τ))}, items with the same
 *       tags left out of {@code j}
 *   <li>{@code L = BCE + λ Σ_k L_c^k}; profiles are scored by the two towers alone
 * </ul>
 *
 * <p>A reading where the paper's text was not at hand, which its abstract and CTMVM's account of it
 * bear out in these three modules; the noise that makes the draw differentiable, the form of the
 * contrast and {@code τ}, {@code λ} are this reading's. The importance network learns through the
 * draw alone: it reads embeddings, it does not move them. An item weighs as its rows do together,
 * once with {@code batch.split-normalise = impression}; Shapley weights, with mean 1 over them,
 * cancel out.
 */
final class Cwtm implements TagModel {

  /** So low a logit that its softmax is 0. */
  private static final float NEVER = -1e9f;

  private final TwoTower towers;
  private final @Nullable PairTower importance;
  private final float contrast;
  private final float temperature;

  /**
   * A network.
   *
   * @param towers the two towers
   * @param input what a row is
   */
  Cwtm(TwoTower towers, PairInput input, ModelConfig sizes) {
    this.towers = towers;
    this.importance =
        sizes.cwtm().masking() == Masking.WEIGHTED
            ? new PairTower("importance", input, 0, List.of(sizes.dimension()), 1)
            : null;
    this.contrast = sizes.cwtm().contrast();
    this.temperature = sizes.cwtm().temperature();
  }

  @Override
  public void declare(ParameterSet parameters) {
    towers.declare(parameters);
    if (importance != null) {
      importance.declare(parameters);
    }
  }

  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    return towers.logits(w, in);
  }

  @Override
  public FactoredView factored() {
    return towers;
  }

  @Override
  public TrainingOutputs training(Weights w, ModelInputs in) {
    ModelInputs shown = in.shownRows();
    TagSets sets = new TagSets(shown.features());
    NDArray all = sets.gathered(w, Layers.rows(in.tags(), shown.rowTag())); // [G, L, e]
    NDArray kept = all.mul(choice(w, shown, sets)).sum(new int[] {1});
    NDArray logits = towers.logits(w, masked(w, in, sets, kept));
    NDArray penalty = contrast == 0 ? null : contrast(w, shown, sets, kept, sets.mean(w, all));
    return new TrainingOutputs(logits, List.of(), penalty, towers.logits(w, in));
  }

  /** The inputs with an item's kept tag in each of its rows; sampled negatives keep theirs. */
  private static ModelInputs masked(Weights w, ModelInputs in, TagSets sets, NDArray kept) {
    RowFeatures rows = in.features();
    int[] tag = new int[rows.count()];
    for (int r = 0; r < tag.length; r++) {
      tag[r] = r < rows.shown() ? sets.setOfRow()[r] : sets.count() + rows.tag()[r];
    }
    NDArray tags = Layers.concat(new NDList(kept, in.tags()), 0);
    return new ModelInputs(
        in.fields(), tags, in.privileged(), in.rowImpression(), w.indices(tag), rows);
  }

  /** {@code z [G, L, 1]}. */
  private NDArray choice(Weights w, ModelInputs shown, TagSets sets) {
    NDArray noise = noise(w, sets, shown.features().draw());
    NDArray scores = noise;
    if (importance != null) {
      ModelInputs read =
          new ModelInputs(
              shown.fields().stopGradient(),
              shown.tags().stopGradient(),
              null,
              shown.rowImpression(),
              shown.rowTag(),
              shown.features());
      NDArray importances = importance.logits(w, importance.pair(w, read)); // [S, 1]
      scores = noise.add(sets.gathered(w, importances).reshape(sets.count(), sets.width()));
    }
    NDArray drawn = scores.stopGradient().argMax(1).oneHot(sets.width(), DataType.FLOAT32);
    if (importance != null) {
      NDArray soft = Layers.softmax(scores, 1);
      drawn = drawn.add(soft.sub(soft.stopGradient()));
    }
    return drawn.reshape(sets.count(), sets.width(), 1);
  }

  /** {@code G = −log(−log U)} per tag, the lowest at places without one: {@code [G, L]}. */
  private static NDArray noise(Weights w, TagSets sets, long draw) {
    SplittableRandom random = new SplittableRandom(draw);
    float[] noise = new float[sets.count() * sets.width()];
    for (int set = 0; set < sets.count(); set++) {
      for (int place = 0; place < sets.width(); place++) {
        noise[set * sets.width() + place] =
            sets.holds(set, place)
                ? (float) -Math.log(-Math.log(random.nextDouble(1e-12, 1)))
                : NEVER;
      }
    }
    return w.input(noise, noise.length, false, sets.count(), sets.width());
  }

  /** {@code λ Σ_k L_c^k} of kept and averaged tags, {@code [G, e]²}. */
  private NDArray contrast(
      Weights w, ModelInputs shown, TagSets sets, NDArray kept, NDArray whole) {
    int items = sets.count();
    List<int[]> tags = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      tags.add(sets.tags(i, shown.features().tag()));
    }
    float[] same = new float[items * items];
    float[] left = new float[items * items];
    for (int i = 0; i < items; i++) {
      same[i * items + i] = 1f;
      for (int j = 0; j < items; j++) {
        left[i * items + j] = i != j && Arrays.equals(tags.get(i), tags.get(j)) ? NEVER : 0f;
      }
    }
    NDArray diagonal = w.input(same, same.length, false, items, items);
    NDArray without = w.input(left, left.length, false, items, items);
    List<CosineView.Side> anchors = towers.tags(w, kept);
    List<CosineView.Side> wholes = towers.tags(w, whole);
    NDArray sum = Layers.constant(kept, 0f);
    for (int k = 0; k < anchors.size(); k++) {
      NDArray cosines = anchors.get(k).vectors().matMul(wholes.get(k).vectors().transpose());
      NDArray scaled = cosines.mul(Layers.constant(cosines, 1 / temperature)).add(without);
      NDArray log = JniUtils.logSoftmax((PtNDArray) scaled, 1, DataType.FLOAT32);
      sum = sum.sub(log.mul(diagonal).sum());
    }
    return sum.mul(Layers.constant(sum, contrast));
  }
}

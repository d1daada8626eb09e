package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.ModelConfig.Mapping;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Maps from a tag to what stands for the privileged fields of the items that carry it (CTMVM
 * sections 3.3 and 3.4). {@code G} groups of privileged fields, each of {@code v} values with
 * {@code N} maps of its own: AMVM has a group per field ({@code v = e}), PKM one group of all
 * fields and one map ({@code v = P·e}).
 *
 * <ul>
 *   <li>{@code f_pn(X^t) = W_2 tanh(W_1 X^t + b_1) + b_2}: {@code [D, e] → [D, v]}
 *   <li>{@code selected = argmin_n ‖sg(X^p) − f_pn(X^t)‖²}, {@code L = Σ_rows Σ_p ‖sg(X^p) −
 *       f_p,selected(X^t)‖²} (eq. 8 and 10)
 * </ul>
 *
 * <p>Which of the maps count for a user is a gate's business.
 */
final class PrivilegedMaps {

  private final int embedding;
  private final int fields;
  private final int groups;
  private final int width;
  private final int viewCount;
  private final int hidden;

  private PrivilegedMaps(int embedding, int fields, int groups, int views, int hidden) {
    this.embedding = embedding;
    this.fields = fields;
    this.groups = groups;
    this.width = fields / groups * embedding;
    this.viewCount = views;
    this.hidden = hidden;
  }

  /**
   * The configured maps.
   *
   * @param embedding {@code e}
   * @param fields number of privileged fields, {@code P}
   * @param sizes hidden size of the maps, and how many
   * @return null for {@link Mapping#NONE}
   */
  static @Nullable PrivilegedMaps of(int embedding, int fields, ModelConfig sizes) {
    return switch (sizes.ctmvm().mapping()) {
      case NONE -> null;
      case PKM -> new PrivilegedMaps(embedding, fields, 1, 1, sizes.dimension());
      case AMVM ->
          new PrivilegedMaps(embedding, fields, fields, sizes.ctmvm().views(), sizes.dimension());
    };
  }

  /** {@code G}. */
  int groups() {
    return groups;
  }

  /** {@code v}. */
  int width() {
    return width;
  }

  /** {@code N}. */
  int viewCount() {
    return viewCount;
  }

  void declare(ParameterSet set) {
    for (int p = 0; p < groups; p++) {
      for (int n = 0; n < viewCount; n++) {
        Layers.declareMlp(set, map(p, n), embedding, List.of(hidden), width);
      }
    }
  }

  /** {@code f_pn(X^t)} of every distinct tag: {@code [D, e] → G × [D, N·v]}. */
  List<NDArray> views(Weights w, NDArray tags) {
    List<NDArray> all = new ArrayList<>();
    for (int p = 0; p < groups; p++) {
      NDList ofGroup = new NDList();
      for (int n = 0; n < viewCount; n++) {
        ofGroup.add(Layers.tanhMlp(w, map(p, n), tags, 1));
      }
      all.add(Layers.concat(ofGroup, 1));
    }
    return all;
  }

  /**
   * The views nearest to what the rows' items have.
   *
   * @param values {@code [S, P·e]}: the selected view of every group
   * @param loss a scalar: {@code L}
   */
  record Selected(NDArray values, NDArray loss) {}

  /**
   * Chooses by the privileged fields. A field of which an item has nothing known, zeros, is no
   * target: its maps are not drawn to the origin.
   *
   * @param shown rows without sampled negatives
   */
  Selected select(ModelInputs shown, List<NDArray> views) {
    NDArray target =
        Layers.rows(shown.privilegedForTraining().stopGradient(), shown.rowImpression());
    NDList selected = new NDList();
    for (int p = 0; p < groups; p++) {
      NDArray all = views(views.get(p), shown);
      NDArray ofGroup = Layers.columns(target, p * width, (p + 1) * width);
      NDArray nearest = nearest(all.stopGradient(), ofGroup.reshape(-1, 1, width));
      selected.add(all.mul(nearest).sum(new int[] {1}));
    }
    NDArray values = Layers.concat(selected, 1);
    NDArray known = target.reshape(-1, fields, embedding);
    known = known.mul(known).sum(new int[] {2}, true);
    known = known.gt(Layers.constant(known, 0f)).toType(DataType.FLOAT32, false);
    NDArray error = target.sub(values).reshape(-1, fields, embedding).mul(known);
    return new Selected(values, error.mul(error).sum());
  }

  /** 1 at the nearest view: {@code [S, N, v], [S, 1, v] → [S, N, 1]}. */
  private NDArray nearest(NDArray views, NDArray target) {
    NDArray difference = views.sub(target);
    NDArray distance = difference.mul(difference).sum(new int[] {2});
    return distance.argMin(1).oneHot(viewCount, DataType.FLOAT32).reshape(-1, viewCount, 1);
  }

  /** The views of every row: {@code [D, N·v] → [R, N, v]}. */
  NDArray views(NDArray perTag, ModelInputs in) {
    return Layers.rows(perTag, in.rowTag()).reshape(-1, viewCount, width);
  }

  private static String map(int group, int view) {
    return "map." + group + "." + view;
  }
}

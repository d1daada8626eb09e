package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;

/**
 * Maps from a tag to what stands for the privileged fields of the items that carry it (CTMVM
 * sections 3.3 and 3.4). {@code G} groups of privileged fields, each of {@code v} values with
 * {@code N} maps of its own: AMVM has a group per field ({@code v = e}), PKM one group of all
 * fields and one map ({@code v = P·e}).
 *
 * <ul>
 *   <li>{@code f_pn(X^t) = W_2 tanh(W_1 X^t + b_1) + b_2}: {@code [D, e] → [D, v]}
 *   <li>{@code r_p = softmax_n g_p(X^u, X^t, f_pn(X^t))}, {@code g_p} two layers with tanh: were it
 *       linear, the user's part would be the same for all {@code n} and fall out of the softmax
 *       (eq. 11)
 *   <li>{@code E_p = Σ_n r_pn f_pn(X^t)}: {@code [R, v]} (eq. 12)
 *   <li>{@code selected = argmin_n ‖sg(X^p) − f_pn(X^t)‖²}, {@code L = Σ_rows Σ_p ‖sg(X^p) −
 *       f_p,selected(X^t)‖²} (eq. 8 and 10)
 * </ul>
 *
 * <p>With one map there is nothing to choose: no gate, and {@code E_p = f_p(X^t)}.
 */
final class PrivilegedMaps {

  private final PairInput input;
  private final int embedding;
  private final int fields;
  private final int groups;
  private final int width;
  private final int viewCount;
  private final int hidden;

  private PrivilegedMaps(
      PairInput input, int embedding, int fields, int groups, int views, int hidden) {
    this.input = input;
    this.embedding = embedding;
    this.fields = fields;
    this.groups = groups;
    this.width = fields / groups * embedding;
    this.viewCount = views;
    this.hidden = hidden;
  }

  /**
   * Maps of AMVM.
   *
   * @param input what a row is
   * @param embedding {@code e}
   * @param fields number of privileged fields, {@code P}
   * @param views {@code N}
   * @param hidden hidden size of maps and gates
   */
  static PrivilegedMaps perField(
      PairInput input, int embedding, int fields, int views, int hidden) {
    return new PrivilegedMaps(input, embedding, fields, fields, views, hidden);
  }

  /** The map of PKM. */
  static PrivilegedMaps ofAllFields(PairInput input, int embedding, int fields, int hidden) {
    return new PrivilegedMaps(input, embedding, fields, 1, 1, hidden);
  }

  void declare(ParameterSet set) {
    for (int p = 0; p < groups; p++) {
      for (int n = 0; n < viewCount; n++) {
        Layers.declareMlp(set, map(p, n), embedding, List.of(hidden), width);
      }
      if (viewCount > 1) {
        input.declareLinear(set, gate(p), width, hidden);
        // Without a bias: the softmax does not see one.
        set.glorot(gate(p) + ".out.weight", hidden, 1, 1, hidden);
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
   * What the tower reads in place of the privileged fields, through the tower's own weights: {@code
   * W_m [E_1 … E_G]} of every row, {@code [R, h]}.
   *
   * @param views of {@link #views}
   */
  NDArray substitute(Weights w, ModelInputs in, List<NDArray> views, PairTower tower) {
    NDList substitutes = new NDList();
    for (int p = 0; p < groups; p++) {
      substitutes.add(viewCount == 1 ? views.get(p) : aggregated(w, in, p, views.get(p)));
    }
    NDArray part = tower.further(w, Layers.concat(substitutes, 1));
    // One map's substitute depends on the tag alone.
    return viewCount == 1 ? Layers.rows(part, in.rowTag()) : part;
  }

  /** {@code E_p}: {@code [D, N·v] → [R, v]}. */
  private NDArray aggregated(Weights w, ModelInputs in, int group, NDArray views) {
    // The tag's and the views' parts are added per distinct tag, the user's per row.
    NDArray ofView =
        PairInput.further(w, gate(group), views.reshape(-1, width)).reshape(-1, viewCount, hidden);
    NDArray ofTag = input.tagPart(w, gate(group), in).reshape(-1, 1, hidden);
    NDArray perTag = ofView.add(ofTag).reshape(-1, (long) viewCount * hidden);
    NDArray user = Layers.rows(input.userPart(w, gate(group), in), in.rowImpression());
    NDArray first =
        Layers.rows(perTag, in.rowTag())
            .reshape(-1, viewCount, hidden)
            .add(user.reshape(-1, 1, hidden));
    NDArray scores =
        Layers.tanh(first)
            .reshape(-1, hidden)
            .matMul(w.get(gate(group) + ".out.weight").transpose())
            .reshape(-1, viewCount);
    NDArray shares = Layers.softmax(scores, 1).reshape(-1, viewCount, 1);
    return views(views, in).mul(shares).sum(new int[] {1});
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
  private NDArray views(NDArray perTag, ModelInputs in) {
    return Layers.rows(perTag, in.rowTag()).reshape(-1, viewCount, width);
  }

  private static String map(int group, int view) {
    return "map." + group + "." + view;
  }

  private static String gate(int group) {
    return "gate." + group;
  }
}

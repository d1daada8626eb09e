package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;

/**
 * CTMVM's gate over {@link PrivilegedMaps}, for a user and a tag (section 3.4).
 *
 * <ul>
 *   <li>{@code r_p = softmax_n g_p(X^u, X^t, f_pn(X^t))}, {@code g_p} two layers with tanh: were it
 *       linear, the user's part would be the same for all {@code n} and fall out of the softmax
 *       (eq. 11)
 *   <li>{@code E_p = Σ_n r_pn f_pn(X^t)}: {@code [R, v]} (eq. 12)
 * </ul>
 *
 * <p>With one map there is nothing to choose: no gate, and {@code E_p = f_p(X^t)}.
 */
final class PrivilegedGate {

  private final PairInput input;
  private final PrivilegedMaps maps;
  private final int hidden;

  /**
   * A gate.
   *
   * @param input what a row is
   * @param hidden size of its first layer
   */
  PrivilegedGate(PairInput input, PrivilegedMaps maps, int hidden) {
    this.input = input;
    this.maps = maps;
    this.hidden = hidden;
  }

  void declare(ParameterSet set) {
    for (int p = 0; p < maps.groups() && maps.viewCount() > 1; p++) {
      input.declareLinear(set, gate(p), maps.width(), hidden);
      // Without a bias: the softmax does not see one.
      set.glorot(gate(p) + ".out.weight", hidden, 1, 1, hidden);
    }
  }

  /**
   * What the tower reads in place of the privileged fields, through the tower's own weights: {@code
   * W_m [E_1 … E_G]} of every row, {@code [R, h]}.
   *
   * @param views of {@link PrivilegedMaps#views}
   */
  NDArray substitute(Weights w, ModelInputs in, List<NDArray> views, PairTower tower) {
    NDList substitutes = new NDList();
    for (int p = 0; p < maps.groups(); p++) {
      substitutes.add(maps.viewCount() == 1 ? views.get(p) : aggregated(w, in, p, views.get(p)));
    }
    NDArray part = tower.further(w, Layers.concat(substitutes, 1));
    // One map's substitute depends on the tag alone.
    return maps.viewCount() == 1 ? Layers.rows(part, in.rowTag()) : part;
  }

  /** {@code E_p}: {@code [D, N·v] → [R, v]}. */
  private NDArray aggregated(Weights w, ModelInputs in, int group, NDArray views) {
    int count = maps.viewCount();
    // The tag's and the views' parts are added per distinct tag, the user's per row.
    NDArray ofView =
        PairInput.further(w, gate(group), views.reshape(-1, maps.width()))
            .reshape(-1, count, hidden);
    NDArray ofTag = input.tagPart(w, gate(group), in).reshape(-1, 1, hidden);
    NDArray perTag = ofView.add(ofTag).reshape(-1, (long) count * hidden);
    NDArray user = Layers.rows(input.userPart(w, gate(group), in), in.rowImpression());
    NDArray first =
        Layers.rows(perTag, in.rowTag())
            .reshape(-1, count, hidden)
            .add(user.reshape(-1, 1, hidden));
    NDArray scores =
        Layers.tanh(first)
            .reshape(-1, hidden)
            .matMul(w.get(gate(group) + ".out.weight").transpose())
            .reshape(-1, count);
    NDArray shares = Layers.softmax(scores, 1).reshape(-1, count, 1);
    return maps.views(views, in).mul(shares).sum(new int[] {1});
  }

  private static String gate(int group) {
    return "gate." + group;
  }
}

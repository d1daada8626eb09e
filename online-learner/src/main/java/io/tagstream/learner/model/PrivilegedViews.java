package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;

/**
 * What a tag vector gains by {@link PrivilegedMaps}, in a form that stays a product of users and
 * tags: {@code e_t(u) = A_j(X^t) + Σ_p B_pj Σ_n r_pn(u, t) f_pn(X^t)} for task {@code j}, with
 * {@code r_p = softmax_n ⟨ρ_p(X^u), κ_p(X^t, f_pn(X^t))⟩ / √h}, {@code ρ} and {@code κ} a layer
 * with tanh each. CTMVM's own gate (eq. 11) needs a pass for each user with each tag.
 *
 * <p>{@code G} groups of {@code N} maps to {@code v} values; with one map there is no gate. {@code
 * B} starts at zero: tag vectors begin as they are without maps.
 */
final class PrivilegedViews {

  private final PrivilegedMaps maps;
  private final int tasks;
  private final int fields;
  private final int embedding;
  private final int dimension;
  private final int hidden;

  /**
   * Views.
   *
   * @param tasks {@code K}
   * @param fields {@code F}
   * @param embedding {@code e}
   * @param dimension size of tag vectors, {@code d}, and of the gate's layers, {@code h}
   */
  PrivilegedViews(PrivilegedMaps maps, int tasks, int fields, int embedding, int dimension) {
    this.maps = maps;
    this.tasks = tasks;
    this.fields = fields;
    this.embedding = embedding;
    this.dimension = dimension;
    this.hidden = dimension;
  }

  PrivilegedMaps maps() {
    return maps;
  }

  void declare(ParameterSet p) {
    maps.declare(p);
    for (int g = 0; gated() && g < maps.groups(); g++) {
      Layers.declareLinear(p, gate(g) + ".user", (long) fields * embedding, hidden);
      Layers.declareLinear(p, gate(g) + ".tag", (long) embedding + maps.width(), hidden);
    }
    for (int j = 0; j < tasks; j++) {
      p.zeros(vector(j), dimension, (long) maps.groups() * maps.width());
    }
  }

  /** Whether users choose between maps. */
  boolean gated() {
    return maps.viewCount() > 1;
  }

  /** {@code B_j x}: {@code [R, G·v] → [R, d]}. */
  NDArray gained(Weights w, int task, NDArray x) {
    return x.matMul(vectors(w, task).transpose());
  }

  /** {@code B_j}: {@code [d, G·v]}. */
  NDArray vectors(Weights w, int task) {
    return w.get(vector(task));
  }

  /** {@code ρ_p / √h}: {@code [U, F·e] → [U, h]}. */
  NDArray userKeys(Weights w, int group, NDArray users) {
    NDArray keys = Layers.tanh(Layers.linear(w, gate(group) + ".user", users));
    return keys.mul(Layers.constant(keys, (float) (1 / Math.sqrt(hidden))));
  }

  /** {@code κ_p} of every view: {@code [D, e], [D, N·v] → [D·N, h]}. */
  NDArray tagKeys(Weights w, int group, NDArray tags, NDArray views) {
    int count = maps.viewCount();
    NDArray tag = tags.reshape(-1, 1, embedding).repeat(1, count).reshape(-1, embedding);
    NDArray both = Layers.concat(new NDList(tag, views.reshape(-1, maps.width())), 1);
    return Layers.tanh(Layers.linear(w, gate(group) + ".tag", both));
  }

  /**
   * {@code Σ_n r_pn f_pn} of every group side by side, row by row: {@code [R, G·v]}.
   *
   * @param views of {@link PrivilegedMaps#views}
   */
  NDArray aggregated(Weights w, ModelInputs in, List<NDArray> views) {
    int count = maps.viewCount();
    NDList all = new NDList();
    for (int g = 0; g < maps.groups(); g++) {
      NDArray ofRows = maps.views(views.get(g), in);
      if (!gated()) {
        all.add(ofRows.reshape(-1, maps.width()));
        continue;
      }
      NDArray user =
          Layers.rows(userKeys(w, g, in.fields()), in.rowImpression()).reshape(-1, 1, hidden);
      NDArray tag = tagKeys(w, g, in.tags(), views.get(g)).reshape(-1, (long) count * hidden);
      NDArray scores =
          Layers.rows(tag, in.rowTag()).reshape(-1, count, hidden).mul(user).sum(new int[] {2});
      NDArray shares = Layers.softmax(scores, 1).reshape(-1, count, 1);
      all.add(ofRows.mul(shares).sum(new int[] {1}));
    }
    return Layers.concat(all, 1);
  }

  private static String gate(int group) {
    return "view-gate." + group;
  }

  private static String vector(int task) {
    return "tag.views." + task + ".weight";
  }
}

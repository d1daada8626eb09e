package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Tags whose vectors depend on the user through shares alone, {@code e_t(u) = Σ_m R_m(u, t) c_m(t)}
 * with {@code R_0 = 1, c_0 = A_j} and, of map {@code n} of group {@code p}, {@code R = r_pn, c =
 * B_pj f_pn}: {@code M = 1 + G·N} parts. Per task {@code j}
 *
 * <p>{@code cos = Σ_m R_m Σ_k a_tk ⟨V_uk, c_m⟩ / √(max(a_tᵀ G_u a_t, ε) · max(Rᵀ H_t R, ε))}
 *
 * <p>with the Gram matrices {@code G_u} of the user's vectors and {@code H_t [M, M]} of {@code
 * c(t)}. {@code ⟨V_uk, B_pj f_pn⟩ = ⟨B_pjᵀ V_uk, f_pn⟩}, so that what is kept of a view is {@code
 * m·v} values, not {@code m·d}.
 */
final class ViewedTags implements FactoredTags {

  private static final int USERS = 128;

  /** Most shares {@code R} that are computed at once. */
  private static final int SHARES = 1 << 22;

  /**
   * A task's tags.
   *
   * @param vectors {@code a ⊗ A_j}: {@code [m·d, T]}
   * @param views per group {@code a ⊗ f_pn}: {@code [m·v, T·N]}
   * @param squares {@code a ⊗ a}: {@code [m·m, T]}
   * @param gram {@code H}: {@code [T, M, M]}
   */
  private record TaskTags(NDArray vectors, List<NDArray> views, NDArray squares, NDArray gram) {}

  private final VirtualKernelExperts experts;
  private final VirtualKernelGates gates;
  private final PrivilegedViews views;
  private final int tags;
  private final List<TaskTags> tasks = new ArrayList<>();
  private final List<NDArray> keys = new ArrayList<>();
  private final NDArray epsilon;

  /**
   * Computes what is kept.
   *
   * @param views with a gate
   * @param tags embedding values, {@code [T, e]}
   * @param owner of what is kept
   */
  ViewedTags(
      VirtualKernelExperts experts,
      VirtualKernelGates gates,
      TagTower tower,
      PrivilegedViews views,
      Weights w,
      NDArray tags,
      NDManager owner) {
    this.experts = experts;
    this.gates = gates;
    this.views = views;
    this.tags = Math.toIntExact(tags.getShape().get(0));
    this.epsilon = Weights.kept(Layers.constant(tags, FactoredView.EPSILON), owner);
    List<NDArray> mapped = views.maps().views(w, tags);
    for (int p = 0; p < mapped.size(); p++) {
      keys.add(Weights.kept(views.tagKeys(w, p, tags, mapped.get(p)).transpose(), owner));
    }
    NDArray shared = tower.shared(w, tags);
    for (int j = 0; j < gates.tasks(); j++) {
      tasks.add(task(w, j, tower.head(w, j, shared), mapped, owner));
    }
  }

  private TaskTags task(Weights w, int task, NDArray tag, List<NDArray> mapped, NDManager owner) {
    NDArray gate = gates.weights(w, task, tag);
    List<NDArray> ofGroups = new ArrayList<>();
    NDList parts = new NDList(tag.reshape(tags, 1, -1));
    for (int p = 0; p < mapped.size(); p++) {
      int count = views.maps().viewCount();
      NDArray values = mapped.get(p).reshape((long) tags * count, -1);
      ofGroups.add(Weights.kept(spread(gate, values, count).transpose(), owner));
      NDArray vectors = values.matMul(columns(w, task, p).transpose());
      parts.add(vectors.reshape(tags, count, -1));
    }
    NDArray c = Layers.concat(parts, 1);
    return new TaskTags(
        Weights.kept(spread(gate, tag, 1).transpose(), owner),
        ofGroups,
        Weights.kept(gates.squares(task, gate).transpose(), owner),
        Weights.kept(c.batchMatMul(c.transpose(0, 2, 1)), owner));
  }

  /** {@code a ⊗ x} of {@code n} vectors each: {@code [T, m], [T·n, x] → [T·n, m·x]}. */
  private NDArray spread(NDArray gate, NDArray vectors, int n) {
    NDArray a = gate.reshape(tags, 1, -1, 1);
    return vectors.reshape(tags, n, 1, -1).mul(a).reshape((long) tags * n, -1);
  }

  /** {@code B_pj}: {@code [d, v]}. */
  private NDArray columns(Weights w, int task, int group) {
    int v = views.maps().width();
    return Layers.columns(views.vectors(w, task), group * v, (group + 1) * v);
  }

  @Override
  public int usersAtOnce() {
    int parts = 1 + views.maps().groups() * views.maps().viewCount();
    return Math.max(1, Math.min(USERS, SHARES / (tags * parts)));
  }

  @Override
  public Cosines with(Weights w, UserInputs users) {
    NDList outputs = experts.outputs(w, users);
    List<NDArray> shares = shares(w, users);
    NDArray byTag = byTag(users, shares);
    return task -> {
      TaskTags of = tasks.get(task);
      NDArray values = gates.values(w, task, outputs);
      NDArray product = values.matMul(of.vectors());
      for (int p = 0; p < shares.size(); p++) {
        NDArray viewed = viewed(w, task, p, values, of.views().get(p));
        product.addi(viewed.mul(shares.get(p)).sum(new int[] {2}));
      }
      NDArray userSquare = gates.gram(task, values).matMul(of.squares()).maximum(epsilon);
      NDArray tagSquare =
          byTag.batchMatMul(of.gram()).mul(byTag).sum(new int[] {2}).maximum(epsilon).transpose();
      return product.divi(userSquare.mul(tagSquare).sqrt());
    };
  }

  /** {@code Σ_k a_tk ⟨B_pjᵀ V_uk, f_pn⟩}: {@code [U, m·d] → [U, T, N]}. */
  private NDArray viewed(Weights w, int task, int group, NDArray values, NDArray ofTags) {
    NDArray b = columns(w, task, group);
    long users = values.getShape().get(0);
    NDArray projected = values.reshape(-1, b.getShape().get(0)).matMul(b).reshape(users, -1);
    return projected.matMul(ofTags).reshape(users, tags, -1);
  }

  /** {@code r_p} per group: {@code G × [U, T, N]}. */
  private List<NDArray> shares(Weights w, UserInputs users) {
    List<NDArray> shares = new ArrayList<>();
    long count = users.fields().getShape().get(0);
    for (int p = 0; p < views.maps().groups(); p++) {
      NDArray scores = views.userKeys(w, p, users.fields()).matMul(keys.get(p));
      shares.add(Layers.softmax(scores.reshape(count, tags, -1), 2));
    }
    return shares;
  }

  /** {@code R} with its first share, 1, tag by tag: {@code [T, U, M]}. */
  private NDArray byTag(UserInputs users, List<NDArray> shares) {
    long count = users.fields().getShape().get(0);
    NDList all = new NDList(users.fields().getManager().ones(new Shape(count, tags, 1)));
    all.addAll(shares);
    return Layers.concat(all, 2).transpose(1, 0, 2);
  }
}

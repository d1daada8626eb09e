package io.tagstream.learner.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.tagstream.learner.model.FactoredView;
import io.tagstream.learner.model.Weights;
import java.util.ArrayList;
import java.util.List;

/** Tags as one side of matrix products, transposed: {@code [m·d, T]} and {@code [m·m, T]}. */
final class FactoredTagSide implements TagSide {

  /** The products of so many users stay in the processor's cache. */
  private static final int USERS = 128;

  private final FactoredView view;
  private final List<NDArray> vectors = new ArrayList<>();
  private final List<NDArray> squares = new ArrayList<>();
  private final NDArray epsilon;
  private final float[][] scales;

  /**
   * Computes it.
   *
   * @param manager keeps it
   * @param tags embedding values, {@code [T, e]}
   * @param scales per task {@code e^θ} and {@code b}: {@code [2][K]}
   */
  FactoredTagSide(FactoredView view, NDManager manager, Weights w, NDArray tags, float[][] scales) {
    this.view = view;
    this.scales = scales;
    this.epsilon = manager.create(new float[] {FactoredView.EPSILON});
    for (FactoredView.Side side : view.tags(w, tags)) {
      vectors.add(kept(side.vectors(), manager));
      squares.add(kept(side.squares(), manager));
    }
  }

  private static NDArray kept(NDArray side, NDManager manager) {
    NDArray transposed = side.transpose().duplicate();
    transposed.attach(manager);
    return transposed;
  }

  @Override
  public int usersPerChunk() {
    return USERS;
  }

  @Override
  public Scores score(Weights w, UserChunk users) {
    List<FactoredView.Side> sides = view.users(w, users.tensors().fields());
    return (task, target) -> Weights.readContiguous(cosines(sides.get(task), task), target);
  }

  private NDArray cosines(FactoredView.Side users, int task) {
    NDArray product = users.vectors().matMul(vectors.get(task));
    NDArray square = users.squares().matMul(squares.get(task));
    return product.divi(square.maximum(epsilon).sqrt());
  }

  @Override
  public float[] scale(int task) {
    return new float[] {scales[0][task], scales[1][task]};
  }
}

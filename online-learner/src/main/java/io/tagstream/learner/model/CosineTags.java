package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/** Tags as one side of matrix products, transposed: {@code [m·d, T]} and {@code [m·m, T]}. */
final class CosineTags implements FactoredTags {

  private static final int USERS = 128;

  private final CosineView view;
  private final List<NDArray> vectors;
  private final List<NDArray> squares;
  private final NDArray epsilon;

  /**
   * Tags.
   *
   * @param tags their vectors and squares, per task
   * @param owner of what is kept of them
   */
  CosineTags(CosineView view, List<CosineView.Side> tags, NDManager owner) {
    this.view = view;
    this.vectors = tags.stream().map(side -> kept(side.vectors(), owner)).toList();
    this.squares = tags.stream().map(side -> kept(side.squares(), owner)).toList();
    this.epsilon = Weights.kept(Layers.constant(vectors.get(0), FactoredView.EPSILON), owner);
  }

  private static NDArray kept(NDArray side, NDManager owner) {
    return Weights.kept(side.transpose(), owner);
  }

  @Override
  public int usersAtOnce() {
    return USERS;
  }

  @Override
  public Cosines with(Weights w, UserInputs users) {
    List<CosineView.Side> sides = view.users(w, users);
    return task -> {
      NDArray product = sides.get(task).vectors().matMul(vectors.get(task));
      NDArray square = sides.get(task).squares().matMul(squares.get(task));
      return product.divi(square.maximum(epsilon).sqrt());
    };
  }
}

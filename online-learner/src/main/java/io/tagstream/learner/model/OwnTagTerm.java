package io.tagstream.learner.model;

import java.util.Arrays;

/**
 * What a tag's logit gains because the tag stands in the user's own fields (among those clicked
 * last, or most): {@code z^k += Σ_{f,p: id(f,p) = id(t)} m^k_{f, min(p, P−1)}}, with one learnt
 * weight per task, field and place in the field.
 *
 * <p>The wide part of Wide &amp; Deep (Cheng et al. 2016) for one family of crossed features, tag ×
 * own tags. The towers generalise from tag to tag; a cosine of pooled vectors cannot also memorise
 * which tags a user clicked. It stays factored: at most as many tags as the fields hold ids gain
 * anything. Fields need no naming, since only fields of tags share ids with tags.
 *
 * <p>In plain Java, beside whichever model runs; the weights are dense parameters like the others.
 */
public final class OwnTagTerm {

  /** Name of the weights, {@code [K, F·P]}. */
  public static final String PARAMETER = "own-tags.weight";

  /** Places told apart in a field; later ones share the last weight. */
  public static final int PLACES = 16;

  /** Few weights, each of them in many rows: they may learn faster than a network. */
  private static final float RATE = 3f;

  private final int tasks;
  private final int fields;

  /**
   * A term.
   *
   * @param tasks {@code K}
   * @param fields {@code F}
   */
  public OwnTagTerm(int tasks, int fields) {
    this.tasks = tasks;
    this.fields = fields;
  }

  /** Declares the weights, zero at first. */
  public void declare(ParameterSet parameters) {
    parameters.zerosAtRate(PARAMETER, RATE, tasks, (long) fields * PLACES);
  }

  /** The weights' index in the set, in order of declaration. */
  public static int index(ParameterSet parameters) {
    for (int p = 0; p < parameters.all().size(); p++) {
      if (parameters.all().get(p).name().equals(PARAMETER)) {
        return p;
      }
    }
    throw new IllegalStateException(PARAMETER + " is not declared");
  }

  /** Told of each place where a tag stands. */
  @FunctionalInterface
  public interface Match {
    /**
     * A place.
     *
     * @param weight column of the place's weight, in {@code [0, F·P)}
     */
    void at(int weight);
  }

  /**
   * Finds a tag in one user's bags.
   *
   * @param user whose bags: those from {@code user·F} on
   */
  public void find(int user, int[] fieldOffsets, long[] fieldIds, long tagId, Match match) {
    for (int f = 0; f < fields; f++) {
      int from = fieldOffsets[user * fields + f];
      int to = fieldOffsets[user * fields + f + 1];
      for (int n = from; n < to; n++) {
        if (fieldIds[n] == tagId) {
          match.at(column(f, n - from));
        }
      }
    }
  }

  /** The weight of a place in a field. */
  public static int column(int field, int place) {
    return field * PLACES + Math.min(place, PLACES - 1);
  }

  /** The weight of a task at a column. */
  public float weight(float[] weights, int task, int column) {
    return weights[task * fields * PLACES + column];
  }

  /**
   * Adds the term to the logits of the first rows, as many as there are logits of; that of tags
   * which are pooled is the mean of theirs.
   *
   * @param logits {@code [R, K]}, changed
   */
  public void addTo(float[] logits, float[] weights, RowFeatures rows) {
    for (int r = 0; r < logits.length / tasks; r++) {
      int row = r;
      find(
          rows,
          r,
          (column, share) -> {
            for (int k = 0; k < tasks; k++) {
              logits[row * tasks + k] += share * weight(weights, k, column);
            }
          });
    }
  }

  /** Finds every tag of a row; each has an equal share of it. */
  private void find(RowFeatures rows, int row, SharedMatch match) {
    int from = rows.tagOffsets()[rows.tag()[row]];
    int to = rows.tagOffsets()[rows.tag()[row] + 1];
    float share = 1f / (to - from);
    for (int n = from; n < to; n++) {
      find(
          rows.impression()[row],
          rows.fieldOffsets(),
          rows.fieldIds(),
          rows.tagIds()[n],
          column -> match.at(column, share));
    }
  }

  @FunctionalInterface
  private interface SharedMatch {
    void at(int weight, float share);
  }

  /**
   * The loss's derivative by the weights.
   *
   * @param logitGradient {@code ∂L/∂z [R, K]}
   * @param gradient receives {@code [K, F·P]}
   */
  public void gradient(float[] logitGradient, RowFeatures rows, float[] gradient) {
    Arrays.fill(gradient, 0f);
    for (int r = 0; r < rows.count(); r++) {
      int row = r;
      find(
          rows,
          r,
          (column, share) -> {
            for (int k = 0; k < tasks; k++) {
              gradient[k * fields * PLACES + column] += share * logitGradient[row * tasks + k];
            }
          });
    }
  }
}

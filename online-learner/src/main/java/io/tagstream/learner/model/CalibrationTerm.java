package io.tagstream.learner.model;

/**
 * A constant per task that has its probabilities agree on the whole with what happens: {@code p^k =
 * σ(z^k + c^k)}, the intercept update of clinical prediction models (Steyerberg et al. 2004).
 *
 * <p>A network is calibrated by the measure its loss weighs rows with. Stage weights prefer users
 * who are likely to act, items with many tags have many rows, and sampled negatives that train
 * tasks are rows nobody was shown: by such a measure a task's rate is another than in the log.
 * {@code c} learns from every label of the kind of item that profiles are for alike, by its sample
 * weight. No gradient of it reaches the network, and it leaves the order of tags as it is.
 *
 * <p>In plain Java, beside whichever model runs; a dense parameter like the others.
 */
public final class CalibrationTerm {

  /** Name of the constants, {@code [K]}. */
  public static final String PARAMETER = "calibration.bias";

  private final int tasks;

  /**
   * A term.
   *
   * @param tasks {@code K}
   */
  public CalibrationTerm(int tasks) {
    this.tasks = tasks;
  }

  /** Declares the constants, zero at first. */
  public void declare(ParameterSet parameters) {
    parameters.zeros(PARAMETER, tasks);
  }

  /**
   * Adds the constants to the tasks' logits of rows of the kind of item that profiles are for.
   *
   * @param logits {@code z [S, K]} of the first rows, becomes {@code z + c}
   */
  public void addTo(float[] logits, RowFeatures rows, ParameterSet parameters) {
    float[] biases = parameters.values(PARAMETER);
    for (int n = 0; n < logits.length; n++) {
      if (!rows.ofSource(n / tasks)) {
        logits[n] += biases[n % tasks];
      }
    }
  }

  /** {@code c} of an output; 0 for the retrieval output, which says no rate of anything shown. */
  public float of(int output, ParameterSet parameters) {
    return output < tasks ? parameters.values(PARAMETER)[output] : 0f;
  }
}

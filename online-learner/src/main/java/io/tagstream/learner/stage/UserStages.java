package io.tagstream.learner.stage;

import java.util.Arrays;

/** The Beta stage of one user, per task: {@code α}, {@code β}, {@code c}. Mutable. */
public final class UserStages {

  private final double[] alpha;
  private final double[] beta;
  private final double[] count;
  private final long[] lastCountedMillis;

  /** A user nobody has counted anything of: {@code α = β = 1, c = 0}. */
  public UserStages(int tasks) {
    this.alpha = new double[tasks];
    this.beta = new double[tasks];
    this.count = new double[tasks];
    this.lastCountedMillis = new long[tasks];
    Arrays.fill(alpha, 1);
    Arrays.fill(beta, 1);
  }

  /** Number of tasks. */
  public int tasks() {
    return alpha.length;
  }

  /** {@code α} of a task, at least 1. */
  public double alpha(int task) {
    return alpha[task];
  }

  /** {@code β} of a task, at least 1. */
  public double beta(int task) {
    return beta[task];
  }

  /** Labels counted, decayed when a half-life is configured. */
  public double count(int task) {
    return count[task];
  }

  /** Whether a label was counted for any task. */
  public boolean counted() {
    for (double each : count) {
      if (each > 0) {
        return true;
      }
    }
    return false;
  }

  /** Event time of the newest label counted; 0 when there is none. */
  long lastCountedMillis(int task) {
    return lastCountedMillis[task];
  }

  void count(int task, double prediction, long eventTimeMillis) {
    count[task] += 1;
    alpha[task] += prediction * count[task];
    beta[task] += (1 - prediction) * count[task];
    lastCountedMillis[task] = Math.max(lastCountedMillis[task], eventTimeMillis);
  }

  /** StrictMath: equal on every machine, because stages enter the next step's weights. */
  void decay(int task, long eventTimeMillis, double halfLifeMillis) {
    long elapsed = eventTimeMillis - lastCountedMillis[task];
    if (count[task] == 0 || elapsed <= 0) {
      return;
    }
    double keep = StrictMath.pow(2, -elapsed / halfLifeMillis);
    alpha[task] = 1 + (alpha[task] - 1) * keep;
    beta[task] = 1 + (beta[task] - 1) * keep;
    count[task] *= keep;
  }

  void restore(int task, double alpha, double beta, double count, long lastCountedMillis) {
    this.alpha[task] = alpha;
    this.beta[task] = beta;
    this.count[task] = count;
    this.lastCountedMillis[task] = lastCountedMillis;
  }
}

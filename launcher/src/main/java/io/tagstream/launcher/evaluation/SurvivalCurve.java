package io.tagstream.launcher.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long it takes until something happens, where some were watched for less long than it took:
 * the product-limit estimate (Kaplan and Meier 1958, "Nonparametric Estimation from Incomplete
 * Observations", eq. 2b). What was not seen to happen counts as still to come for as long as it was
 * watched, and for no longer. Not thread-safe.
 */
public final class SurvivalCurve {

  /** What happened comes before what ceased to be watched after the same span. */
  private static final Comparator<Watched> ORDER =
      Comparator.comparingDouble(Watched::span)
          .thenComparing(Watched::happened, Comparator.reverseOrder());

  private record Watched(double span, boolean happened) {}

  private final List<Watched> watched = new ArrayList<>();

  /**
   * One that was watched.
   *
   * @param span how long; not negative, in any unit
   * @param happened whether it happened then; otherwise the watch ended
   */
  public void add(double span, boolean happened) {
    if (!(span >= 0)) {
      throw new IllegalArgumentException("span: " + span + " - must be not negative");
    }
    watched.add(new Watched(span, happened));
  }

  /** How many were watched. */
  public int size() {
    return watched.size();
  }

  /** The share that it happens to within a span, in [0, 1]; 0 of none. */
  public double within(double span) {
    double[] share = new double[1];
    walk(
        (at, happened) -> {
          if (at <= span) {
            share[0] = happened;
          }
          return at <= span;
        });
    return share[0];
  }

  /**
   * The span within which it happens to half of them; null where less than half were seen to come
   * so far.
   */
  public @Nullable Double median() {
    double[] median = {Double.NaN};
    walk(
        (at, happened) -> {
          if (happened >= 0.5) {
            median[0] = at;
          }
          return happened < 0.5;
        });
    return Double.isNaN(median[0]) ? null : median[0];
  }

  /** Receives the curve's steps; false ends the walk. */
  private interface Step {
    boolean at(double span, double happened);
  }

  private void walk(Step step) {
    List<Watched> ordered = watched.stream().sorted(ORDER).toList();
    double left = 1;
    for (int i = 0; i < ordered.size(); i++) {
      if (ordered.get(i).happened()) {
        int atRisk = ordered.size() - i;
        left *= (double) (atRisk - 1) / atRisk;
        if (!step.at(ordered.get(i).span(), 1 - left)) {
          return;
        }
      }
    }
  }
}

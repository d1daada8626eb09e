package io.tagstream.launcher.evaluation.trial;

import io.tagstream.launcher.evaluation.report.ModelReport;
import java.util.List;

/**
 * Wants reports.
 *
 * @param reports receives them
 */
public record Reporting(List<ModelReport> reports) implements TrialObserver {

  @Override
  public void gone(long records) {}

  @Override
  public boolean wantsReport() {
    return true;
  }

  @Override
  public void learnt(ModelReport report) {
    reports.add(report);
  }
}

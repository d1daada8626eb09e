package io.tagstream.launcher.evaluation.census;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.launcher.config.ModelName;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.evaluation.report.ModelReport;
import io.tagstream.launcher.evaluation.trial.Protocol;
import io.tagstream.launcher.evaluation.trial.Reporting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CensusEvaluationTest {

  private static final int TRAINED = 3_000;
  private static final int TESTED = 1_000;

  private final CensusEvaluation evaluation = new CensusEvaluation();
  private final SplittableRandom random = new SplittableRandom(11);

  @TempDir private Path folder;

  /** Income follows from weeks worked and education, marriage from age and household. */
  private String person() {
    List<String> row = new ArrayList<>();
    for (String column : CensusColumns.NAMES) {
      row.add(CensusColumns.QUANTITIES.contains(column) ? "0" : column.charAt(0) + "0");
    }
    int weeks = random.nextInt(53);
    int age = random.nextInt(90);
    boolean learned = random.nextInt(3) == 0;
    set(row, "weeks worked", String.valueOf(weeks));
    set(row, "age", String.valueOf(age));
    set(row, "education", learned ? "Masters degree" : "High school graduate");
    boolean rich = learned && weeks > 30 && random.nextInt(10) > 0;
    boolean single = age < 25 && random.nextInt(10) > 0;
    set(row, "marital status", single ? "Never married" : "Widowed");
    set(row, "instance weight", "1700.09");
    set(row, "income", rich ? "50000+." : "- 50000.");
    return String.join(", ", row);
  }

  private static void set(List<String> row, String column, String value) {
    row.set(CensusColumns.NAMES.indexOf(column), value);
  }

  private void writePeople(String file, int count) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      lines.add(person());
    }
    Files.write(folder.resolve(file), lines);
  }

  private static TagstreamConfig config(Protocol protocol, String method) throws Exception {
    String small = "{model: {dimension: 8, hidden: [8]}, batch.size: 128}";
    return TagstreamConfig.parse(
        "test", protocol.settings(method), ModelName.settingsOf(method), small);
  }

  @Test
  void aNetworkLearnsBothTasksAndRepeatsItselfWithItsSeed() throws Exception {
    writePeople("census-income.data", TRAINED);
    writePeople("census-income.test", TESTED);
    Protocol protocol = evaluation.open(folder);
    assertThat(protocol.data())
        .containsEntry("training", TRAINED)
        .containsEntry("validation", TESTED / 2)
        .containsEntry("test", TESTED / 2)
        .containsEntry("features", 39);
    AtomicLong trained = new AtomicLong();
    Map<String, Double> figures =
        protocol.trial("shared-bottom", config(protocol, "shared-bottom"), 3, trained::addAndGet);
    assertThat(trained.get()).isEqualTo(protocol.recordsPerTrial("shared-bottom"));
    assertThat(figures.get("income AUC")).isBetween(0.9, 1.0);
    assertThat(figures.get("marital AUC")).isBetween(0.9, 1.0);
    assertThat(figures.get("income log loss")).isLessThan(0.3);
    Map<String, Double> again =
        protocol.trial("shared-bottom", config(protocol, "shared-bottom"), 3, records -> {});
    assertThat(again.get("income AUC")).isEqualTo(figures.get("income AUC"));
    assertThat(again.get("validation")).isEqualTo(figures.get("validation"));
  }

  @Test
  void aReportTellsEpochsImportanceAndUnits() throws Exception {
    writePeople("census-income.data", TRAINED);
    writePeople("census-income.test", TESTED);
    Protocol protocol = evaluation.open(folder);
    List<ModelReport> reports = new ArrayList<>();
    Map<String, Double> figures =
        protocol.trial("dtn", config(protocol, "dtn"), 3, new Reporting(reports));
    ModelReport report = reports.get(0);
    assertThat(report.tasks()).containsExactly("income", "marital");
    int best = figures.getOrDefault("epoch", 0.0).intValue();
    ModelReport.CurvePoint point = report.curve().get(best - 1);
    assertThat(point.samples()).isEqualTo((long) best * TRAINED);
    assertThat(point.figures().get(0).auc()).isEqualTo(figures.get("validation income AUC"));
    ModelReport.Importance importance = Objects.requireNonNull(report.importance());
    int weeks = importance.fields().indexOf("weeks worked");
    int age = importance.fields().indexOf("age");
    assertThat(importance.loss()[weeks][0])
        .isGreaterThan(0.1)
        .isGreaterThan(importance.loss()[age][0]);
    assertThat(importance.loss()[age][1])
        .isGreaterThan(0.1)
        .isGreaterThan(importance.loss()[weeks][1]);
    assertThat(report.units()).isNotEmpty();
  }

  @Test
  void whatIsNoCensusFileIsNamed() throws IOException {
    assertThatThrownBy(() -> evaluation.open(null)).hasMessageContaining("--data");
    assertThatThrownBy(() -> evaluation.open(folder))
        .hasMessageContaining("holds no census-income.data");
    Files.writeString(folder.resolve("census-income.data"), "1, 2, 3\n");
    assertThatThrownBy(() -> evaluation.open(folder))
        .hasMessageContaining("line 1 has other columns than the published 42");
    Files.writeString(folder.resolve("census-income.data"), person().replaceFirst("\\d+", "old"));
    assertThatThrownBy(() -> evaluation.open(folder))
        .hasMessageContaining("row 1 is not as published: age: old - must be a number");
  }
}

package io.tagstream.launcher.evaluation.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TrialTableTest {

  @Test
  void meanSpreadAndBestOverSeeds() {
    TrialTable table = new TrialTable(List.of("b", "a"));
    table.add("a", Map.of("AUC", 0.5));
    table.add("b", Map.of("AUC", 0.7, "log loss", 0.4, "median lag, hours", 5.0));
    table.add("b", Map.of("AUC", 0.9, "log loss", 0.2, "median lag, hours", 4.0));
    TrialTable.Figure auc = table.rows().get("b").get("AUC");
    assertThat(auc.mean()).isCloseTo(0.8, Offset.offset(1e-12));
    assertThat(auc.deviation()).isCloseTo(Math.sqrt(0.02), Offset.offset(1e-12));
    assertThat(auc.best()).isEqualTo(0.9);
    assertThat(table.rows().get("b").get("log loss").best()).as("of a loss").isEqualTo(0.2);
    assertThat(table.rows().get("b").get("median lag, hours").best()).isEqualTo(4);
    assertThat(table.rows().get("a").get("AUC").deviation()).isZero();
    assertThat(table.lines())
        .as("methods in the given order")
        .hasSize(4)
        .element(2)
        .asString()
        .startsWith("| b |")
        .contains("0.8000 ± 0.1414 (0.9000)");
  }
}

package io.tagstream.launcher.evaluation.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.config.ModelName;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.evaluation.report.ModelReport;
import io.tagstream.launcher.evaluation.trial.Protocol;
import io.tagstream.launcher.evaluation.trial.Reporting;
import io.tagstream.launcher.world.PlantedWorldConfig;
import io.tagstream.learner.scoring.TagGates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network in a small world, features by the real job. */
class PlantedProtocolTest {

  private static final PlantedWorldConfig WORLD =
      PlantedWorldConfig.defaults(0).withUsers(20).withRate(2_000 / (6 * 3_600.0), 1);

  @TempDir private Path folder;

  @Test
  void trialsOfASeedRepeatThemselvesBitForBit() throws Exception {
    AtomicLong gone = new AtomicLong();
    Protocol protocol = prepared("first");
    Map<String, Double> figures = trial(protocol, "mvke", 7, gone);
    assertThat(figures)
        .containsKeys("recovered@5", "drifts followed in 24 h", "click AUC", "stay log loss");
    assertThat(figures.get("click predicted/observed")).isBetween(0.5, 2.0);
    assertThat((double) gone.get()).isBetween(1_500.0, 2_500.0);
    assertThat(trial(protocol, "popularity", 7, gone).get("recovered@5"))
        .isLessThan(figures.get("recovered@5"));
    List<ModelReport> reports = new ArrayList<>();
    Protocol second = prepared("second");
    Map<String, Double> again =
        second.trial("mvke", config(second, "mvke"), 7, new Reporting(reports));
    again.remove("seconds");
    assertThat(again).as("the same seed again, features made anew").isEqualTo(figures);
    assertThat(reports).hasSize(1);
    ModelReport report = reports.get(0);
    assertThat(report.tasks()).startsWith("click");
    assertThat(report.curve()).hasSizeGreaterThan(5);
    assertThat(report.curve().get(report.curve().size() - 1).figures().get(0).auc())
        .isEqualTo(figures.get("click AUC"));
    assertThat(report.importance()).as("too small a world").isNull();
    assertThat(Objects.requireNonNull(report.gates()).outputs())
        .extracting(TagGates.OfOutput::name)
        .startsWith("click")
        .endsWith("retrieval");
  }

  private Protocol prepared(String name) throws Exception {
    Protocol protocol = new PlantedProtocol(WORLD, Duration.ofHours(6), Duration.ofHours(1));
    protocol.prepare(config(protocol, "mvke"), Files.createDirectory(folder.resolve(name)));
    return protocol;
  }

  private static Map<String, Double> trial(
      Protocol protocol, String method, long seed, AtomicLong gone) throws Exception {
    Map<String, Double> figures =
        protocol.trial(method, config(protocol, method), seed, gone::addAndGet);
    figures.remove("seconds");
    return figures;
  }

  private static TagstreamConfig config(Protocol protocol, String method) throws Exception {
    return TagstreamConfig.parse("test", protocol.settings(method), ModelName.settingsOf(method));
  }
}

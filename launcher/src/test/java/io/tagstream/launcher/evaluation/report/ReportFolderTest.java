package io.tagstream.launcher.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.learner.DtnConfig;
import io.tagstream.learner.DtnConfig.Unit;
import io.tagstream.learner.model.GatedUnits.UnitWeight;
import io.tagstream.learner.scoring.TagGates;
import io.tagstream.learner.validation.TaskFigures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFolderTest {

  @TempDir private Path folder;

  private static TaskFigures figures(@Nullable Double auc) {
    return new TaskFigures(10, 5, auc, null, 0.5, null, 1.0);
  }

  private static ModelReport report() {
    return new ModelReport(
        List.of("click", "stay"),
        List.of(
            new ModelReport.CurvePoint(100, List.of(figures(0.5), figures(null))),
            new ModelReport.CurvePoint(200, List.of(figures(0.625), figures(0.75)))),
        new ModelReport.Importance(
            300,
            List.of("city", "last.tags"),
            new double[][] {{0.01, Double.NaN}, {0.125, -0.002}}),
        new TagGates(
            List.of("film", "food, fast"),
            List.of(
                new TagGates.OfOutput(
                    "click", new int[] {0, 2}, new float[] {0.25f, 0.75f, 0.5f, 0.5f}))),
        List.of(
            new UnitWeight("click", "click", Unit.GDCN, 0.625f),
            new UnitWeight("click", "click", Unit.MASKNET, 0.375f),
            new UnitWeight("click", DtnConfig.SHARED, Unit.GDCN, 1f)));
  }

  @Test
  void tablesHoldEverythingAndChartsAreDrawn() throws IOException {
    new ReportFolder(folder.resolve("made")).write("mvke+own-tags", 7, report());
    Path made = folder.resolve("made");
    assertThat(made.resolve("mvke+own-tags.7.learning.csv"))
        .content()
        .isEqualToNormalizingNewlines(
            """
            samples,click AUC,click GAUC,click log loss,stay AUC,stay GAUC,stay log loss
            100,0.50000,,0.50000,,,0.50000
            200,0.62500,,0.50000,0.75000,,0.50000
            """);
    assertThat(made.resolve("mvke+own-tags.7.importance.csv"))
        .content()
        .isEqualToNormalizingNewlines(
            """
            field,click AUC lost,stay AUC lost
            last.tags,0.12500,-0.00200
            city,0.01000,
            """);
    assertThat(made.resolve("mvke+own-tags.7.gates.csv"))
        .content()
        .isEqualToNormalizingNewlines(
            """
            output,tag,expert,weight
            click,film,0,0.25000
            click,film,2,0.75000
            click,"food, fast",0,0.50000
            click,"food, fast",2,0.50000
            """);
    assertThat(made.resolve("mvke+own-tags.7.units.csv"))
        .content()
        .isEqualToNormalizingNewlines(
            """
            task,module,unit,weight
            click,click,gdcn,0.62500
            click,click,masknet,0.37500
            click,shared,gdcn,1.00000
            """);
    for (String chart : List.of("learning", "importance", "gates.click", "units")) {
      BufferedImage image =
          ImageIO.read(made.resolve("mvke+own-tags.7." + chart + ".png").toFile());
      assertThat(colours(image)).as(chart).isGreaterThan(5);
    }
  }

  /** An empty sheet has one. */
  private static long colours(BufferedImage image) {
    return Stream.iterate(0, n -> n < image.getWidth() * image.getHeight(), n -> n + 1)
        .map(n -> image.getRGB(n % image.getWidth(), n / image.getWidth()))
        .distinct()
        .count();
  }

  @Test
  void whatThereIsNotLeavesNoFile() throws IOException {
    ModelReport bare = new ModelReport(List.of("click"), List.of(), null, null, List.of());
    new ReportFolder(folder).write("ple", 1, bare);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("ple.1.learning.csv", "ple.1.learning.png");
    }
  }
}

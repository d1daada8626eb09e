package io.tagstream.launcher.evaluation.report;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The kinds of charts that reports have, as PNG files. */
final class Charts {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 600;
  private static final int ROW_HEIGHT = 18;

  private Charts() {}

  /** A value of a series, of a point of it or of another place in the chart. */
  @FunctionalInterface
  interface Values {
    /** NaN where there is none. */
    double at(int series, int place);
  }

  /**
   * Makes sure that text can be drawn: Java has no fonts of its own.
   *
   * @throws IOException when it cannot; the message says what to install
   */
  static void requireFonts() throws IOException {
    System.setProperty("java.awt.headless", "true");
    try {
      new Font(Font.SANS_SERIF, Font.PLAIN, 12)
          .getStringBounds("tag", new FontRenderContext(null, true, true));
    } catch (RuntimeException | LinkageError | InternalError e) {
      throw new IOException(
          "report: charts need a font, and this machine has none - install fontconfig and a font,"
              + " as fonts-dejavu-core",
          e);
    }
  }

  /** A line per series over the same points; what is NaN is left out. */
  static void lines(
      Path file, String title, String axis, List<String> series, double[] x, Values values)
      throws IOException {
    XYChart chart =
        new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle(axis).build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideSE);
    for (int s = 0; s < series.size(); s++) {
      int of = s;
      int[] points =
          IntStream.range(0, x.length).filter(p -> !Double.isNaN(values.at(of, p))).toArray();
      if (points.length > 0) {
        chart
            .addSeries(
                series.get(s),
                IntStream.of(points).mapToDouble(p -> x[p]).toArray(),
                IntStream.of(points).mapToDouble(p -> values.at(of, p)).toArray())
            .setMarker(SeriesMarkers.NONE);
      }
    }
    save(chart, file);
  }

  /** A bar per series in each category; none where a value is NaN. */
  static void bars(
      Path file, String title, List<String> categories, List<String> series, Values values)
      throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).build();
    chart.getStyler().setXAxisLabelRotation(60);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    for (int s = 0; s < series.size(); s++) {
      List<Double> bars = new ArrayList<>();
      for (int c = 0; c < categories.size(); c++) {
        double value = values.at(s, c);
        bars.add(Double.isNaN(value) ? 0 : value);
      }
      chart.addSeries(series.get(s), categories, bars);
    }
    save(chart, file);
  }

  /** A cell for each column and row, darker the greater its value. */
  static void heatMap(
      Path file, String title, List<String> columns, List<String> rows, Values values)
      throws IOException {
    HeatMapChart chart =
        new HeatMapChartBuilder()
            .width(WIDTH)
            .height(HEIGHT / 4 + ROW_HEIGHT * rows.size())
            .title(title)
            .build();
    chart.getStyler().setPlotContentSize(1);
    chart.getStyler().setShowValue(true);
    chart.getStyler().setHeatMapValueDecimalPattern("0.00");
    List<Number[]> cells = new ArrayList<>();
    for (int column = 0; column < columns.size(); column++) {
      for (int row = 0; row < rows.size(); row++) {
        cells.add(new Number[] {column, row, values.at(column, row)});
      }
    }
    chart.addSeries("weights", columns, rows, cells);
    save(chart, file);
  }

  private static void save(Chart<?, ?> chart, Path file) throws IOException {
    BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
  }
}

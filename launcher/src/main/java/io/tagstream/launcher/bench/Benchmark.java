package io.tagstream.launcher.bench;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** One benchmark of {@code tagstream bench}. */
public interface Benchmark {

  /** Name on the command line and in the results: lower case with dashes. */
  String name();

  /** One line: what is measured, and which figure is hoped for. */
  String summary();

  /**
   * Measures.
   *
   * @param scratch an empty folder of its own, removed afterwards
   * @param progress told what is going on, a line at a time
   * @return figures by name, in the order they are shown: numbers, texts, or maps of them
   * @throws Exception when it could not be measured
   */
  Map<String, Object> run(Path scratch, Consumer<String> progress) throws Exception;
}

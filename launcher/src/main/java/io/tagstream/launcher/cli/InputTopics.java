package io.tagstream.launcher.cli;

import io.tagstream.schemas.Topic;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The topics that are read, by their names in the configuration. */
final class InputTopics implements Iterable<String> {

  private static final List<String> NAMES =
      Topic.inputs().stream().map(Topic::defaultName).sorted().toList();

  @Override
  public Iterator<String> iterator() {
    return NAMES.iterator();
  }

  /** The topic of a name, if there is one. */
  static Optional<Topic> named(@Nullable String name) {
    return Topic.inputs().stream().filter(each -> each.defaultName().equals(name)).findFirst();
  }

  /**
   * The topic of a name.
   *
   * @param option that gives the name
   */
  static Topic named(@Nullable String name, String option, CommandLine line) {
    return named(name)
        .orElseThrow(
            () ->
                new ParameterException(
                    line,
                    "%s: %s - must name a topic, one of %s"
                        .formatted(option, name == null ? "missing" : name, NAMES)));
  }
}

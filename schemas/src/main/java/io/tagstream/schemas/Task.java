package io.tagstream.schemas;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * One learning task: which events make its label. The order of a deployment's tasks is the order of
 * every label array.
 *
 * @param name name in configuration, metrics and profiles
 * @param kind which events make the label
 * @param conversionTypes for {@link Kind#CONVERSION}: the conversion types that make a positive;
 *     empty for the others
 */
public record Task(String name, Kind kind, Set<String> conversionTypes) implements Serializable {

  /** What a task's label is made of. */
  public enum Kind {
    /** 1 when the impression was clicked within its label window. */
    CLICK,
    /** The stay's length, binned into [0, 1]. */
    STAY,
    /** 1 when a conversion of one of the task's types came within the attribution horizon. */
    CONVERSION
  }

  public Task {
    Objects.requireNonNull(kind, "kind");
    if (name.isBlank()) {
      throw new IllegalArgumentException("tasks: a task needs a name");
    }
    conversionTypes = Set.copyOf(conversionTypes);
    if ((kind == Kind.CONVERSION) == conversionTypes.isEmpty()) {
      throw new IllegalArgumentException(
          "tasks."
              + name
              + ".conversion-types: "
              + conversionTypes
              + (kind == Kind.CONVERSION
                  ? " - a conversion task names at least one conversion type"
                  : " - only conversion tasks name conversion types"));
    }
  }

  /** The task whose label is whether the impression was clicked. */
  public static Task click(String name) {
    return new Task(name, Kind.CLICK, Set.of());
  }

  /** The task whose label is how long the user stayed. */
  public static Task stay(String name) {
    return new Task(name, Kind.STAY, Set.of());
  }

  /** The task whose label is whether the impression led to one of these conversions. */
  public static Task conversion(String name, Set<String> conversionTypes) {
    return new Task(name, Kind.CONVERSION, conversionTypes);
  }

  /** Click, stay and conversion by the given conversion types: the default tasks. */
  public static List<Task> defaults(Set<String> conversionTypes) {
    return List.of(click("click"), stay("stay"), conversion("conversion", conversionTypes));
  }
}

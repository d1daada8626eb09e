package io.tagstream.launcher.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.util.TimeUtils;

/**
 * How a value is written in the file.
 *
 * @param label the type's name in messages and in the reference
 * @param parser from what the YAML parser gives (text, list or map) to the value; throws {@link
 *     IllegalArgumentException} when it is none
 * @param renderer from a value to how one would write it
 * @param <T> the value's Java type
 */
record ValueType<T>(String label, Function<Object, T> parser, Function<T, String> renderer) {

  static final ValueType<String> TEXT = scalar("text", text -> text, text -> text);
  static final ValueType<Integer> INTEGER =
      scalar("a whole number such as 4", Integer::valueOf, String::valueOf);
  static final ValueType<Long> LONG =
      scalar("a whole number such as 42", Long::valueOf, String::valueOf);
  static final ValueType<Double> NUMBER =
      scalar("a number such as 0.01", ValueType::finite, String::valueOf);
  static final ValueType<Boolean> BOOLEAN =
      scalar("true or false", ValueType::bool, String::valueOf);
  static final ValueType<Duration> DURATION =
      scalar(
          "a duration such as 10 min", TimeUtils::parseDuration, TimeUtils::formatWithHighestUnit);
  static final ValueType<MemorySize> MEMORY =
      scalar("a size such as 256 mb", MemorySize::parse, MemorySize::toString);
  static final ValueType<List<String>> TEXTS = list("a list of texts", text -> text);
  static final ValueType<List<Double>> NUMBERS =
      list("a list of numbers such as [0.5, 1.0]", ValueType::finite);
  static final ValueType<List<Integer>> INTEGERS =
      list("a list of whole numbers such as [64, 64]", Integer::valueOf);

  /** A list below a name is taken as its elements, separated by commas. */
  static final ValueType<Map<String, String>> TEXT_MAP =
      map("texts by name", raw -> raw instanceof List<?> list ? joined(list) : single(raw));

  /** The value in what the YAML parser gave. */
  T parse(Object raw) {
    return parser.apply(raw);
  }

  /** The value as one would write it. */
  String render(T value) {
    return renderer.apply(value);
  }

  /** One of the names of an enum, in lower case with dashes. */
  static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
    E[] constants = type.getEnumConstants();
    String names = Arrays.stream(constants).map(ValueType::name).collect(Collectors.joining(" | "));
    return scalar(
        "one of " + names,
        text ->
            Arrays.stream(constants)
                .filter(constant -> name(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text)),
        ValueType::name);
  }

  /** Names of an enum, in the form of {@link #oneOf}. */
  static <E extends Enum<E>> ValueType<List<E>> someOf(Class<E> type) {
    ValueType<E> one = oneOf(type);
    ValueType<List<E>> list = list("a list, each " + one.label(), one::parse);
    return new ValueType<>(
        list.label(),
        list.parser(),
        values -> values.stream().map(one::render).collect(Collectors.joining(", ", "[", "]")));
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <T> ValueType<T> scalar(
      String label, Function<String, T> parser, Function<T, String> renderer) {
    return new ValueType<>(label, raw -> parser.apply(single(raw)), renderer);
  }

  private static <T> ValueType<List<T>> list(String label, Function<String, T> element) {
    return new ValueType<>(
        label,
        raw -> {
          if (!(raw instanceof List<?> elements)) {
            throw new IllegalArgumentException("not a list");
          }
          List<T> values = new ArrayList<>(elements.size());
          for (Object each : elements) {
            values.add(element.apply(single(each)));
          }
          return List.copyOf(values);
        },
        List::toString);
  }

  /** A map from names to values, kept in the order of the file. */
  static <T> ValueType<Map<String, T>> map(String label, Function<Object, T> value) {
    return new ValueType<>(
        label,
        raw -> {
          if (!(raw instanceof Map<?, ?> entries)) {
            throw new IllegalArgumentException("not a map");
          }
          Map<String, T> values = new LinkedHashMap<>();
          entries.forEach((name, each) -> values.put(String.valueOf(name), value.apply(each)));
          return values;
        },
        values ->
            values.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}")));
  }

  private static String joined(List<?> list) {
    return list.stream().map(ValueType::single).collect(Collectors.joining(", "));
  }

  private static String single(Object raw) {
    if (raw instanceof List || raw instanceof Map) {
      throw new IllegalArgumentException("not a single value");
    }
    return String.valueOf(raw).strip();
  }

  private static Double finite(String text) {
    double value = Double.parseDouble(text);
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  private static Boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }
}

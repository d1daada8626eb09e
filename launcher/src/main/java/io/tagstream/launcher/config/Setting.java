package io.tagstream.launcher.config;

import java.lang.reflect.Array;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

/**
 * One setting: Flink's option (key, default, description) with the type it is written in and the
 * rules its value must fulfil.
 *
 * @param option key, default and description
 * @param type how the value is written
 * @param summary the description as plain text
 * @param rules what a value must fulfil
 * @param <T> the value's Java type
 */
public record Setting<T>(
    ConfigOption<T> option, ValueType<T> type, String summary, List<Rule<T>> rules) {

  public Setting {
    rules = List.copyOf(rules);
  }

  /** The dotted key. */
  public String key() {
    return option.key();
  }

  /** Default value as one would write it. */
  String defaultText() {
    return type.render(option.defaultValue());
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  private static <T> Setting<T> of(
      ConfigOption<T> option, ValueType<T> type, String summary, Rule<T>... rules) {
    return new Setting<>(option.withDescription(summary), type, summary, List.of(rules));
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  static Setting<String> text(String key, String value, String summary, Rule<String>... rules) {
    return of(
        ConfigOptions.key(key).stringType().defaultValue(value), ValueType.TEXT, summary, rules);
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  static Setting<Integer> integer(String key, int value, String summary, Rule<Integer>... rules) {
    return of(
        ConfigOptions.key(key).intType().defaultValue(value), ValueType.INTEGER, summary, rules);
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  static Setting<Long> whole(String key, long value, String summary, Rule<Long>... rules) {
    return of(
        ConfigOptions.key(key).longType().defaultValue(value), ValueType.LONG, summary, rules);
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  static Setting<Double> number(String key, double value, String summary, Rule<Double>... rules) {
    return of(
        ConfigOptions.key(key).doubleType().defaultValue(value), ValueType.NUMBER, summary, rules);
  }

  static Setting<Boolean> flag(String key, boolean value, String summary) {
    return of(ConfigOptions.key(key).booleanType().defaultValue(value), ValueType.BOOLEAN, summary);
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  static Setting<Duration> duration(
      String key, Duration value, String summary, Rule<Duration>... rules) {
    return of(
        ConfigOptions.key(key).durationType().defaultValue(value),
        ValueType.DURATION,
        summary,
        rules);
  }

  static Setting<MemorySize> memory(String key, MemorySize value, String summary) {
    return of(ConfigOptions.key(key).memoryType().defaultValue(value), ValueType.MEMORY, summary);
  }

  static <E extends Enum<E>> Setting<E> choice(String key, Class<E> type, E value, String summary) {
    return of(
        ConfigOptions.key(key).enumType(type).defaultValue(value), ValueType.oneOf(type), summary);
  }

  @SuppressWarnings("unchecked") // an array of the enum's own type
  static <E extends Enum<E>> Setting<List<E>> choices(
      String key, Class<E> type, List<E> value, String summary) {
    E[] values = value.toArray((E[]) Array.newInstance(type, 0));
    return of(
        ConfigOptions.key(key).enumType(type).asList().defaultValues(values),
        ValueType.someOf(type),
        summary);
  }

  static Setting<List<String>> texts(String key, List<String> value, String summary) {
    return of(
        ConfigOptions.key(key).stringType().asList().defaultValues(value.toArray(String[]::new)),
        ValueType.TEXTS,
        summary);
  }

  static Setting<List<Integer>> integers(String key, List<Integer> value, String summary) {
    return of(
        ConfigOptions.key(key).intType().asList().defaultValues(value.toArray(Integer[]::new)),
        ValueType.INTEGERS,
        summary);
  }

  static Setting<List<Double>> numbers(String key, List<Double> value, String summary) {
    return of(
        ConfigOptions.key(key).doubleType().asList().defaultValues(value.toArray(Double[]::new)),
        ValueType.NUMBERS,
        summary);
  }

  static Setting<Map<String, String>> textMap(
      String key, Map<String, String> value, String summary) {
    return of(ConfigOptions.key(key).mapType().defaultValue(value), ValueType.TEXT_MAP, summary);
  }

  /** A tree of texts, lists and maps, whose owner reads it. */
  @SuppressWarnings("unchecked") // Flink has no type for a tree; the default is empty
  static Setting<Map<String, Object>> tree(String key, String label, String summary) {
    ConfigOption<?> option = ConfigOptions.key(key).mapType().defaultValue(Map.of());
    return of(
        (ConfigOption<Map<String, Object>>) option, ValueType.map(label, raw -> raw), summary);
  }
}

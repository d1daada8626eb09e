package io.tagstream.launcher.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The values of all settings: from the file where it has them, else the defaults. */
final class Settings {

  private final Map<Setting<?>, Object> values;
  private final List<Problem> problems;

  private Settings(Map<Setting<?>, Object> values, List<Problem> problems) {
    this.values = values;
    this.problems = problems;
  }

  /**
   * Reads YAML texts against the known settings.
   *
   * @param yamls a later text's values stand above an earlier one's
   * @param problems receives every mistake; the setting concerned keeps its default
   */
  static Settings parse(List<String> yamls, List<Setting<?>> known, List<Problem> problems) {
    Map<String, Setting<?>> byKey = new LinkedHashMap<>();
    known.forEach(setting -> byKey.put(setting.key(), setting));
    Set<String> mapKeys =
        known.stream()
            .filter(setting -> setting.option().defaultValue() instanceof Map)
            .map(Setting::key)
            .collect(Collectors.toSet());
    Map<Setting<?>, Object> values = new HashMap<>();
    Map<String, Object> leaves = new LinkedHashMap<>();
    yamls.forEach(yaml -> leaves.putAll(YamlTree.leaves(yaml, mapKeys, problems)));
    leaves.forEach(
        (key, raw) -> {
          Setting<?> setting = byKey.get(key);
          if (setting == null) {
            problems.add(new Problem(key, unknown(key, byKey.keySet())));
          } else {
            Object value = read(setting, raw, problems);
            if (value != null) {
              values.put(setting, value);
            }
          }
        });
    return new Settings(values, problems);
  }

  private static <T> @Nullable T read(Setting<T> setting, Object raw, List<Problem> problems) {
    T value;
    try {
      value = setting.type().parse(raw);
    } catch (RuntimeException e) {
      // Each type's own parser has its own exceptions; all mean that the text is no such value.
      problems.add(new Problem(setting.key(), raw + " - must be " + setting.type().label()));
      return null;
    }
    List<String> broken =
        setting.rules().stream().filter(rule -> !rule.holds().test(value)).map(Rule::text).toList();
    for (String rule : broken) {
      problems.add(new Problem(setting.key(), raw + " - must be " + rule));
    }
    return broken.isEmpty() ? value : null;
  }

  private static String unknown(String key, Set<String> known) {
    String nearest = NearestName.of(key, known);
    return "is no setting"
        + (nearest == null
            ? "; `tagstream validate --reference` lists all"
            : "; did you mean " + nearest + "?");
  }

  /** The setting's value. */
  @SuppressWarnings("unchecked") // read() put a T
  <T> T get(Setting<T> setting) {
    Object value = values.get(setting);
    return value == null ? setting.option().defaultValue() : (T) value;
  }

  /** Whether the file has a valid value for it. */
  boolean isSet(Setting<?> setting) {
    return values.containsKey(setting);
  }

  /** Adds a mistake that only shows in several settings together. */
  void refuse(String key, String message) {
    problems.add(new Problem(key, message));
  }

  /**
   * Builds a stage's configuration, whose constructor checks its own rules.
   *
   * @param build reads settings and calls the constructor
   * @param otherwise what to go on with after a mistake, so that the next ones are found as well
   */
  <C> C build(Supplier<C> build, Supplier<C> otherwise) {
    try {
      return build.get();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      List<String> parts = new ArrayList<>(List.of(message.split(": ", 2)));
      boolean named = parts.size() == 2 && parts.get(0).matches("[a-z0-9.-]+");
      Problem problem = named ? new Problem(parts.get(0), parts.get(1)) : new Problem("", message);
      if (problems.stream().noneMatch(p -> p.key().equals(problem.key()) && named)) {
        problems.add(problem);
      }
      return otherwise.get();
    }
  }
}

package io.tagstream.launcher.config;

import io.tagstream.schemas.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Section {@code tasks}: what is learnt, by name and in order. */
final class TaskOptions {

  private static final Pattern CONVERSION = Pattern.compile("conversion\\(([^()]+)\\)");

  static final Setting<Map<String, String>> TASKS =
      Setting.textMap(
          "tasks",
          defaults(),
          "What is learnt: task names, in the order of every label array, each with what makes its"
              + " label: click, stay, or conversion(type, ...).");

  private TaskOptions() {}

  private static Map<String, String> defaults() {
    Map<String, String> tasks = new LinkedHashMap<>();
    tasks.put("click", "click");
    tasks.put("stay", "stay");
    tasks.put("conversion", "conversion(purchase, subscribe, follow, like)");
    return tasks;
  }

  static List<Setting<?>> all() {
    return List.of(TASKS);
  }

  /** The tasks in order; the default ones where the file's make no sense. */
  static List<Task> read(Settings settings) {
    List<Task> tasks = new ArrayList<>();
    settings
        .get(TASKS)
        .forEach(
            (name, what) -> {
              Matcher conversion = CONVERSION.matcher(what);
              if (what.equals("click")) {
                tasks.add(Task.click(name));
              } else if (what.equals("stay")) {
                tasks.add(Task.stay(name));
              } else if (conversion.matches()) {
                tasks.add(Task.conversion(name, types(conversion.group(1))));
              } else {
                settings.refuse(
                    "tasks." + name, what + " - must be click, stay or conversion(type, ...)");
              }
            });
    if (settings.get(TASKS).isEmpty()) {
      settings.refuse(TASKS.key(), "{} - must name at least one task");
    }
    return tasks.isEmpty()
        ? Task.defaults(Set.of("purchase", "subscribe", "follow", "like"))
        : List.copyOf(tasks);
  }

  private static Set<String> types(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(String::strip)
        .filter(type -> !type.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}

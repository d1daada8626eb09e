package io.tagstream.it.monitoring;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be read off a PromQL expression without parsing it. */
final class PromQl {

  private static final Set<String> OPERATORS =
      Set.of("and", "or", "unless", "atan2", "bool", "offset", "inf", "nan", "start", "end");
  private static final Set<String> BEFORE_LABELS =
      Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

  /** What names no metric at all: strings, then matchers, then ranges. */
  private static final Pattern STRINGS =
      Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|`[^`]*`");

  private static final Pattern MATCHERS = Pattern.compile("\\{[^}]*}|\\[[^]]*]");
  private static final Pattern COMMENTS = Pattern.compile("#.*");

  /** A number or duration; or a name, with the word or bracket behind it. */
  private static final Pattern WORD =
      Pattern.compile("[0-9][0-9a-zA-Z_.]*|([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(\\(|by\\b|without\\b)?");

  private PromQl() {}

  /** The names of the metrics that an expression reads. */
  static Set<String> metrics(String expression) {
    String bare = STRINGS.matcher(expression).replaceAll("\"\"");
    bare = COMMENTS.matcher(bare).replaceAll("");
    bare = MATCHERS.matcher(bare).replaceAll(" ");
    Set<String> metrics = new LinkedHashSet<>();
    Matcher word = WORD.matcher(bare);
    int at = 0;
    while (word.find(at)) {
      at = word.end();
      String name = word.group(1);
      if (name == null) {
        continue;
      }
      if (BEFORE_LABELS.contains(name) && "(".equals(word.group(2))) {
        at = bare.indexOf(')', at) + 1;
      } else if (word.group(2) == null) {
        if (!isOperator(name)) {
          metrics.add(name);
        }
      } else if (!word.group(2).equals("(")) {
        at = word.start(2);
      }
    }
    return metrics;
  }

  private static boolean isOperator(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return OPERATORS.contains(lower) || BEFORE_LABELS.contains(lower);
  }
}

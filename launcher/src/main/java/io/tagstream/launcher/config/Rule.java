package io.tagstream.launcher.config;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * What a value must fulfil beyond its type.
 *
 * @param text the rule as it ends the sentence "must be …"
 * @param holds whether a value fulfils it
 */
record Rule<T>(String text, Predicate<T> holds) {

  static <N extends Number> Rule<N> atLeast(double least) {
    return new Rule<>("at least " + plain(least), value -> value.doubleValue() >= least);
  }

  static <N extends Number> Rule<N> between(double least, double most) {
    return new Rule<>(
        "between " + plain(least) + " and " + plain(most),
        value -> value.doubleValue() >= least && value.doubleValue() <= most);
  }

  static <N extends Number> Rule<N> positive() {
    return new Rule<>("greater than 0", value -> value.doubleValue() > 0);
  }

  static Rule<Duration> positiveDuration() {
    return new Rule<>("longer than 0", value -> !value.isNegative() && !value.isZero());
  }

  static Rule<Duration> notNegative() {
    return new Rule<>("not negative", value -> !value.isNegative());
  }

  static Rule<String> notBlank() {
    return new Rule<>("not empty", value -> !value.isBlank());
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
  }
}

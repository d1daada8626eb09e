package io.tagstream.learner;

import java.time.Duration;

/** What a configured value must keep to; a message names the key, the value and the rule. */
final class Rules {

  private Rules() {}

  static void require(boolean holds, String key, Object value, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(key + ": " + value + " - " + rule);
    }
  }

  static void requirePositive(String key, Duration value) {
    require(!value.isNegative() && !value.isZero(), key, value, "must be positive");
  }

  static void requirePositive(String key, float value) {
    require(value > 0 && Float.isFinite(value), key, value, "must be positive and finite");
  }
}

package io.tagstream.learner.model;

import java.util.Locale;

/** Kinds of items, between which MKT transfers. */
enum Entity {
  /** The kind that profiles are for. */
  TARGET(0),
  /** All other kinds. */
  SOURCE(1);

  private final int number;

  Entity(int number) {
    this.number = number;
  }

  /** Its place among tasks of an extraction. */
  int number() {
    return number;
  }

  /** Name of a parameter of its own. */
  String named(String model, String part) {
    return model + name().toLowerCase(Locale.ROOT) + "." + part;
  }
}

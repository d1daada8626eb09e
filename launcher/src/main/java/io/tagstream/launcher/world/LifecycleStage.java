package io.tagstream.launcher.world;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Life-cycle stages of planted users, in the sense of STAN: new users click little, wandering ones
 * click but do not stay, sticking ones stay but do not convert, loyal ones do all.
 */
enum LifecycleStage {
  NEW(0.6, -0.7, 0.6, 0.3),
  WANDER(1.0, 0.2, 0.6, 0.6),
  STICK(1.2, 0.3, 1.6, 0.7),
  LOYAL(1.6, 0.4, 1.6, 2.4);

  /** The largest activity of all. */
  static final double MAX_ACTIVITY = LOYAL.activity;

  private static final int ROUNDS = 200;
  private static final Map<LifecycleStage, Double> STATIONARY = stationary();

  /** Factor on how often a user comes. */
  final double activity;

  /** Shift of the click logit. */
  final double clickShift;

  /** Factor on the length of a stay. */
  final double stayFactor;

  /** Factor on the chance of a conversion. */
  final double conversionFactor;

  LifecycleStage(double activity, double clickShift, double stayFactor, double conversionFactor) {
    this.activity = activity;
    this.clickShift = clickShift;
    this.stayFactor = stayFactor;
    this.conversionFactor = conversionFactor;
  }

  /** A stage as often as it is found in the long run, so that a world's rate has no trend. */
  static LifecycleStage first(SeededRandom random) {
    return draw(STATIONARY::get, random);
  }

  /** The stage after this one; another one always. */
  LifecycleStage following(SeededRandom random) {
    return draw(this::chanceOf, random);
  }

  /** Mean activity over the stages in the long run. */
  static double meanActivity() {
    double mean = 0;
    for (Map.Entry<LifecycleStage, Double> entry : STATIONARY.entrySet()) {
      mean += entry.getValue() * entry.getKey().activity;
    }
    return mean;
  }

  /** Users grow from new to loyal by and by, and fall back now and then. */
  private double chanceOf(LifecycleStage next) {
    return switch (this) {
      case NEW -> pick(next, 0, 0.7, 0.2, 0.1);
      case WANDER -> pick(next, 0.4, 0, 0.5, 0.1);
      case STICK -> pick(next, 0.1, 0.3, 0, 0.6);
      case LOYAL -> pick(next, 0.2, 0.3, 0.5, 0);
    };
  }

  private static double pick(
      LifecycleStage next, double toNew, double toWander, double toStick, double toLoyal) {
    return switch (next) {
      case NEW -> toNew;
      case WANDER -> toWander;
      case STICK -> toStick;
      case LOYAL -> toLoyal;
    };
  }

  private static LifecycleStage draw(
      ToDoubleFunction<LifecycleStage> chances, SeededRandom random) {
    double left = random.nextDouble();
    LifecycleStage last = NEW;
    for (LifecycleStage stage : values()) {
      double chance = chances.applyAsDouble(stage);
      if (chance > 0) {
        last = stage;
        left -= chance;
        if (left < 0) {
          break;
        }
      }
    }
    return last;
  }

  /** All stages last equally long on average, so the chain's stationary law is that of time. */
  private static Map<LifecycleStage, Double> stationary() {
    Map<LifecycleStage, Double> law = new EnumMap<>(LifecycleStage.class);
    for (LifecycleStage stage : values()) {
      law.put(stage, 1.0 / values().length);
    }
    for (int round = 0; round < ROUNDS; round++) {
      Map<LifecycleStage, Double> after = new EnumMap<>(LifecycleStage.class);
      for (Map.Entry<LifecycleStage, Double> from : law.entrySet()) {
        for (LifecycleStage to : values()) {
          after.merge(to, from.getValue() * from.getKey().chanceOf(to), Double::sum);
        }
      }
      law = after;
    }
    return law;
  }
}

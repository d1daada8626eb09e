package io.tagstream.launcher.config;

import io.tagstream.learner.DtnConfig;
import io.tagstream.learner.ModelConfig;
import java.util.List;

/** Section {@code model.combined}. */
final class CombinedOptions {

  static final Setting<List<DtnConfig.Unit>> UNITS =
      Setting.choices(
          "model.combined.units",
          DtnConfig.Unit.class,
          ModelConfig.Combined.defaults().units(),
          "combined: units of model.dtn on the fields that each expert weighs; [] for none."
              + " Its mapping to privileged fields is model.ctmvm.mapping; with both off it is mvke.");

  static final Setting<Boolean> TRANSFER =
      Setting.flag(
          "model.combined.transfer",
          ModelConfig.Combined.defaults().transfer(),
          "combined: true for users to gain what MKT's first stage learns of all"
              + " impressions.entities; model.mkt names the target among them.");

  private CombinedOptions() {}

  static List<Setting<?>> all() {
    return List.of(UNITS, TRANSFER);
  }

  static ModelConfig.Combined read(Settings settings) {
    return new ModelConfig.Combined(settings.get(UNITS), settings.get(TRANSFER));
  }
}

package io.tagstream.launcher.config;

import io.tagstream.learner.ModelConfig;
import java.util.List;

/** Section {@code model.cwtm}. */
final class CwtmOptions {

  private static final ModelConfig.Cwtm DEFAULTS = ModelConfig.Cwtm.defaults();

  static final Setting<ModelConfig.Masking> MASKING =
      Setting.choice(
          "model.cwtm.masking",
          ModelConfig.Masking.class,
          DEFAULTS.masking(),
          "How the one tag of an item is drawn that training sees: uniformly (random), or by the"
              + " scores of an importance network (weighted).");
  static final Setting<Double> CONTRAST =
      Setting.number(
          "model.cwtm.contrast",
          Double.parseDouble(Float.toString(DEFAULTS.contrast())),
          "Weight of the contrast of the tag that was drawn with all tags of the item; 0 for none.");
  static final Setting<Double> TEMPERATURE =
      Setting.number(
          "model.cwtm.temperature",
          Double.parseDouble(Float.toString(DEFAULTS.temperature())),
          "Temperature of that contrast.");

  private CwtmOptions() {}

  static List<Setting<?>> all() {
    return List.of(MASKING, CONTRAST, TEMPERATURE);
  }

  static ModelConfig.Cwtm read(Settings settings) {
    return new ModelConfig.Cwtm(
        settings.get(MASKING),
        settings.get(CONTRAST).floatValue(),
        settings.get(TEMPERATURE).floatValue());
  }
}

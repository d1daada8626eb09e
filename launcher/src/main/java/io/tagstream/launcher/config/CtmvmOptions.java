package io.tagstream.launcher.config;

import io.tagstream.learner.ModelConfig;
import java.util.List;

/** Section {@code model.ctmvm}. */
final class CtmvmOptions {

  private static final ModelConfig.Ctmvm DEFAULTS = ModelConfig.Ctmvm.defaults();

  static final Setting<ModelConfig.Mapping> MAPPING =
      Setting.choice(
          "model.ctmvm.mapping",
          ModelConfig.Mapping.class,
          DEFAULTS.mapping(),
          "What stands for features.privileged, which a profile does not know: nothing, one map from"
              + " the tag to all fields (pkm), or several maps per field (amvm).");
  static final Setting<Integer> VIEWS =
      Setting.integer("model.ctmvm.views", DEFAULTS.views(), "amvm: maps per privileged field.");
  static final Setting<Double> RHO =
      Setting.number(
          "model.ctmvm.rho",
          Double.parseDouble(Float.toString(DEFAULTS.rho())),
          "pkm, amvm: weight of the squared distance of a map from the privileged field.");
  static final Setting<Boolean> SUPPLEMENTARY =
      Setting.flag(
          "model.ctmvm.supplementary",
          DEFAULTS.supplementary(),
          "pkm, amvm: true to train a second network on the privileged fields themselves; without it"
              + " their embeddings learn nothing.");

  private CtmvmOptions() {}

  static List<Setting<?>> all() {
    return List.of(MAPPING, VIEWS, RHO, SUPPLEMENTARY);
  }

  static ModelConfig.Ctmvm read(Settings settings) {
    return new ModelConfig.Ctmvm(
        settings.get(MAPPING),
        settings.get(VIEWS),
        settings.get(RHO).floatValue(),
        settings.get(SUPPLEMENTARY));
  }
}

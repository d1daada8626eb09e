package io.tagstream.launcher.config;

import io.tagstream.learner.MktConfig;
import java.util.List;

/** Section {@code model.mkt}: knowledge transfer between kinds of items. */
final class MktOptions {

  private static final MktConfig DEFAULTS = MktConfig.defaults();

  static final Setting<String> TARGET_ENTITY =
      Setting.text(
          "model.mkt.target-entity",
          DEFAULTS.targetEntity(),
          "Which of impressions.entities profiles are for; all others are sources to learn from.");
  static final Setting<String> SEQUENCE_FIELD =
      Setting.text(
          "model.mkt.sequence-field",
          "clicked.tags",
          "User field that is also read as a sequence, by attention of the tag; clicked.tags are the"
              + " last clicked ones.");
  static final Setting<Integer> SEQUENCE_LENGTH =
      Setting.integer(
          "model.mkt.sequence-length",
          DEFAULTS.sequenceLength(),
          "Values of that field which are read, the first ones.");
  static final Setting<MktConfig.Cross> HFA_CROSS =
      Setting.choice(
          "model.mkt.hfa-cross",
          MktConfig.Cross.class,
          DEFAULTS.cross(),
          "How features.privileged are crossed to find their weights: as printed in the paper, or as"
              + " in dcn, from which the paper has it.");
  static final Setting<Integer> ALIGNMENT =
      Setting.integer(
          "model.mkt.alignment",
          DEFAULTS.alignment(),
          "Width to which features.privileged of every kind of item are aligned.");
  static final Setting<MktConfig.Polarisation> POLARISATION =
      Setting.choice(
          "model.mkt.polarisation",
          MktConfig.Polarisation.class,
          DEFAULTS.polarisation(),
          "What is made small between common knowledge and that of one kind alone: the cosine, as in"
              + " the paper, or its square.");
  static final Setting<Double> POLARISATION_WEIGHT =
      Setting.number(
          "model.mkt.polarisation-weight",
          Double.parseDouble(Float.toString(DEFAULTS.polarisationWeight())),
          "Weight of that loss; 0 for none.");
  static final Setting<Double> MISSING_RATE =
      Setting.number(
          "model.mkt.missing-rate",
          Double.parseDouble(Float.toString(DEFAULTS.missingRate())),
          "Share of training rows that see a learnt vector in place of features.privileged, as"
              + " profiles do; sampled negatives always do.");
  static final Setting<Integer> REFRESH_STEPS =
      Setting.integer(
          "model.mkt.refresh-steps",
          DEFAULTS.refreshSteps(),
          "Steps after which the second stage reads a new frozen copy of the first.");

  private MktOptions() {}

  static List<Setting<?>> all() {
    return List.of(
        TARGET_ENTITY,
        SEQUENCE_FIELD,
        SEQUENCE_LENGTH,
        HFA_CROSS,
        ALIGNMENT,
        POLARISATION,
        POLARISATION_WEIGHT,
        MISSING_RATE,
        REFRESH_STEPS);
  }

  static MktConfig read(Settings settings, UserFieldNames fields) {
    List<String> entities = settings.get(LabelOptions.ENTITIES);
    String target = settings.get(TARGET_ENTITY);
    boolean transfers =
        switch (settings.get(LearnerOptions.MODEL)) {
          case MKT -> true;
          case COMBINED -> settings.get(CombinedOptions.TRANSFER);
          default -> false;
        };
    if (transfers && !entities.contains(target)) {
      settings.refuse(
          TARGET_ENTITY.key(), target + " - must be one of impressions.entities " + entities);
    }
    return new MktConfig(
        target,
        fields.number(SEQUENCE_FIELD.key(), settings.get(SEQUENCE_FIELD)),
        settings.get(SEQUENCE_LENGTH),
        settings.get(HFA_CROSS),
        settings.get(ALIGNMENT),
        settings.get(POLARISATION),
        settings.get(POLARISATION_WEIGHT).floatValue(),
        settings.get(MISSING_RATE).floatValue(),
        settings.get(REFRESH_STEPS));
  }
}

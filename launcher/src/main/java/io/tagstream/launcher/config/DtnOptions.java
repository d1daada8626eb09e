package io.tagstream.launcher.config;

import io.tagstream.learner.DtnConfig;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Section {@code model.dtn}: units of feature interactions and their sizes. */
final class DtnOptions {

  private static final DtnConfig DEFAULTS = DtnConfig.defaults();
  private static final ValueType<DtnConfig.Unit> UNIT = ValueType.oneOf(DtnConfig.Unit.class);

  static final Setting<List<DtnConfig.Unit>> UNITS =
      Setting.choices(
          "model.dtn.units",
          DtnConfig.Unit.class,
          DEFAULTS.units(),
          "Units of each interaction module, of every task and the shared one.");
  static final Setting<Map<String, String>> TRIMMED =
      Setting.textMap(
          "model.dtn.trimmed",
          Map.of(),
          "Units that single modules go without, by task name or shared: those whose gate weights"
              + " turned out small.");
  static final Setting<Integer> OUTPUT =
      Setting.integer(
          "model.dtn.output", DEFAULTS.output(), "Size of what a unit gives out; the paper's 512.");
  static final Setting<Integer> CROSS_LAYERS =
      Setting.integer(
          "model.dtn.cross-layers", DEFAULTS.gdcn().layers(), "gdcn: gated cross layers.");
  static final Setting<Integer> CROSS_RANK =
      Setting.integer(
          "model.dtn.cross-rank",
          DEFAULTS.gdcn().rank(),
          "gdcn: rank of each cross and gate matrix; 0 for full matrices, whose cost is the square"
              + " of fields times embedding.");
  static final Setting<Integer> MASK_WIDTH =
      Setting.integer(
          "model.dtn.mask-width",
          DEFAULTS.maskNet().mask(),
          "masknet: width of the layer that makes masks; the paper's 640.");
  static final Setting<Integer> BLOCK_WIDTH =
      Setting.integer(
          "model.dtn.block-width",
          DEFAULTS.maskNet().block(),
          "masknet: width of the masked block; the paper's 512.");
  static final Setting<Integer> HCNETS =
      Setting.integer(
          "model.dtn.hcnets",
          DEFAULTS.memoNet().nets(),
          "memonet: memories of a unit, each with its own codebook.");
  static final Setting<Integer> CODEBOOK_WORDS =
      Setting.integer(
          "model.dtn.codebook-words",
          DEFAULTS.memoNet().words(),
          "memonet: words of a codebook; all of them pass through every step.");
  static final Setting<Integer> HASH_FUNCTIONS =
      Setting.integer(
          "model.dtn.hash-functions",
          DEFAULTS.memoNet().functions(),
          "memonet: words that a crossed feature has in a codebook.");
  static final Setting<Boolean> CODEBOOK_PER_FUNCTION =
      Setting.flag(
          "model.dtn.codebook-per-function",
          DEFAULTS.memoNet().codebookPerFunction(),
          "memonet: true for so many words per hash function, false for words they share.");
  static final Setting<DtnConfig.Restoring> RESTORING =
      Setting.choice(
          "model.dtn.restoring",
          DtnConfig.Restoring.class,
          DEFAULTS.memoNet().restoring(),
          "memonet: words become a vector by a linear map, lmr, or weighted by the pair's own"
              + " embeddings before it, amr.");
  static final Setting<List<String>> KEY_FIELDS =
      Setting.texts(
          "model.dtn.key-fields",
          List.of(),
          "memonet: pairs with one of these fields are crossed: user fields such as clicked.tags, or"
              + " tag; empty for the tag alone.");
  static final Setting<Boolean> STOP_GRADIENT =
      Setting.flag(
          "model.dtn.stop-gradient",
          DEFAULTS.stopGradient(),
          "true to keep a task's loss from teaching the task before it through its probability;"
              + " false as in the paper.");

  private DtnOptions() {}

  static List<Setting<?>> all() {
    return List.of(
        UNITS,
        TRIMMED,
        OUTPUT,
        CROSS_LAYERS,
        CROSS_RANK,
        MASK_WIDTH,
        BLOCK_WIDTH,
        HCNETS,
        CODEBOOK_WORDS,
        HASH_FUNCTIONS,
        CODEBOOK_PER_FUNCTION,
        RESTORING,
        KEY_FIELDS,
        STOP_GRADIENT);
  }

  static DtnConfig dtn(Settings settings, UserFieldNames fields) {
    Map<String, List<DtnConfig.Unit>> trimmed = new HashMap<>();
    settings.get(TRIMMED).forEach((module, list) -> trimmed.put(module, units(module, list)));
    return new DtnConfig(
        settings.get(UNITS),
        trimmed,
        settings.get(OUTPUT),
        new DtnConfig.Gdcn(settings.get(CROSS_LAYERS), settings.get(CROSS_RANK)),
        new DtnConfig.MaskNet(settings.get(MASK_WIDTH), settings.get(BLOCK_WIDTH)),
        new DtnConfig.MemoNet(
            settings.get(HCNETS),
            settings.get(CODEBOOK_WORDS),
            settings.get(HASH_FUNCTIONS),
            settings.get(CODEBOOK_PER_FUNCTION),
            settings.get(RESTORING),
            settings.get(KEY_FIELDS).stream()
                .map(field -> fields.number(KEY_FIELDS.key(), field))
                .toList()),
        settings.get(STOP_GRADIENT));
  }

  private static List<DtnConfig.Unit> units(String module, String list) {
    try {
      return Arrays.stream(list.split(",", -1)).map(UNIT::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          TRIMMED.key() + "." + module + ": " + list + " - each must be " + UNIT.label(), e);
    }
  }
}

package io.tagstream.learner;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Feature interactions of DTN, which reads neither {@code dimension} nor {@code hidden}: its units
 * have sizes of their own, and its towers are those of {@link ModelConfig.MultiTask}.
 *
 * @param units what each interaction module has
 * @param trimmed units that single modules go without, by task name or {@link #SHARED}
 * @param output size of what a unit gives out
 * @param gdcn gated cross layers
 * @param maskNet sizes of the mask block
 * @param memoNet memories of crossed features
 * @param stopGradient whether a task's loss leaves the probability of the task before it alone
 */
public record DtnConfig(
    List<Unit> units,
    Map<String, List<Unit>> trimmed,
    int output,
    Gdcn gdcn,
    MaskNet maskNet,
    MemoNet memoNet,
    boolean stopGradient)
    implements Serializable {

  /** Name of the module of all tasks. */
  public static final String SHARED = "shared";

  public DtnConfig {
    units = List.copyOf(units);
    Rules.require(
        !units.isEmpty() && Set.copyOf(units).size() == units.size(),
        "model.dtn.units",
        units,
        "must name at least one unit, each once");
    // Sorted: a checkpoint names its structure in words that compare.
    TreeMap<String, List<Unit>> sorted = new TreeMap<>();
    trimmed.forEach((module, list) -> sorted.put(module, List.copyOf(list)));
    trimmed = Collections.unmodifiableSortedMap(sorted);
    for (Map.Entry<String, List<Unit>> entry : trimmed.entrySet()) {
      Rules.require(
          !entry.getValue().containsAll(units),
          "model.dtn.trimmed." + entry.getKey(),
          entry.getValue(),
          "leaves the module without a unit");
    }
    positive("output", output);
  }

  /** All units, an eighth of the paper's output size; pairs with the tag. */
  public static DtnConfig defaults() {
    return new DtnConfig(
        List.of(Unit.values()),
        Map.of(),
        64,
        new Gdcn(2, 32),
        new MaskNet(128, 64),
        new MemoNet(2, 4096, 2, false, Restoring.LMR, List.of()),
        false);
  }

  /** The units of a module, by task name or {@link #SHARED}. */
  public List<Unit> unitsOf(String module) {
    List<Unit> without = trimmed.getOrDefault(module, List.of());
    return units.stream().filter(unit -> !without.contains(unit)).toList();
  }

  /** Ways to let features interact. */
  public enum Unit {
    /** Gated deep cross network. */
    GDCN,
    /** Masks made from the instance. */
    MASKNET,
    /** Memories of crossed features. */
    MEMONET;

    /** The name in configuration. */
    public String configName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How MemoNet makes one vector of the words a crossed feature was hashed to. */
  public enum Restoring {
    /** Linear memory restoring: a linear map. */
    LMR,
    /** Attentive memory restoring: weighted by the pair's own embeddings before it. */
    AMR
  }

  /**
   * GDCN.
   *
   * @param layers gated cross layers
   * @param rank of each cross and gate matrix, as a product of two; 0 for full matrices
   */
  public record Gdcn(int layers, int rank) implements Serializable {
    public Gdcn {
      positive("cross-layers", layers);
      Rules.require(rank >= 0, "model.dtn.cross-rank", rank, "must not be negative");
    }
  }

  /**
   * MaskNet.
   *
   * @param mask width of the layer that makes masks
   * @param block width of the block
   */
  public record MaskNet(int mask, int block) implements Serializable {
    public MaskNet {
      positive("mask-width", mask);
      positive("block-width", block);
    }
  }

  /**
   * MemoNet.
   *
   * @param nets memories of a unit (HCNets), each with its own codebook
   * @param words of a codebook
   * @param functions hash functions of a memory
   * @param codebookPerFunction whether each function has words of its own
   * @param restoring how words become a vector
   * @param keyFields a pair of fields is crossed when one of them is among these; user fields are
   *     numbered from 0, the tag follows the last of them; empty for the tag alone
   */
  public record MemoNet(
      int nets,
      int words,
      int functions,
      boolean codebookPerFunction,
      Restoring restoring,
      List<Integer> keyFields)
      implements Serializable {
    public MemoNet {
      positive("hcnets", nets);
      positive("codebook-words", words);
      positive("hash-functions", functions);
      Objects.requireNonNull(restoring, "restoring");
      keyFields = List.copyOf(keyFields);
      Rules.require(
          keyFields.stream().allMatch(field -> field >= 0)
              && Set.copyOf(keyFields).size() == keyFields.size(),
          "model.dtn.key-fields",
          keyFields,
          "must be different fields, numbered from 0");
    }
  }

  private static void positive(String key, int value) {
    Rules.require(value > 0, "model.dtn." + key, value, "must be positive");
  }
}

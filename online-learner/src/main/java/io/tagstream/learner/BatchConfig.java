package io.tagstream.learner;

import static io.tagstream.learner.Rules.require;
import static io.tagstream.learner.Rules.requirePositive;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/**
 * How samples become micro-batches.
 *
 * @param mode when a batch is trained
 * @param size impressions of a batch
 * @param flushInterval {@link Mode#FAST}: a batch waits no longer than this, in processing time
 * @param tagsInput whether an impression with several tags is a row per tag or one
 * @param splitNormalise weight of an impression with several tags, when it is split
 */
public record BatchConfig(
    Mode mode, int size, Duration flushInterval, TagsInput tagsInput, SplitNormalise splitNormalise)
    implements Serializable {

  /** When a batch is trained. */
  public enum Mode {
    /** By count, by time and before each checkpoint. */
    FAST,
    /** In (knownAt, sample id) order by watermark, by count alone; a partial batch is state. */
    DETERMINISTIC
  }

  /** What a row of training sees of an item's tags. */
  public enum TagsInput {
    /** One of them: a row per tag, as a profile is scored; with Shapley weights. */
    SPLIT,
    /** The mean of their embeddings: a row per impression; Shapley weights do not apply. */
    POOLED
  }

  /** What an impression with {@code L} tags weighs when it is split into one row per tag. */
  public enum SplitNormalise {
    /** {@code L}, as in the paper. */
    NONE,
    /** 1. */
    IMPRESSION
  }

  public BatchConfig {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(tagsInput, "tagsInput");
    Objects.requireNonNull(splitNormalise, "splitNormalise");
    require(size > 0, "batch.size", size, "must be positive");
    requirePositive("batch.flush-interval", flushInterval);
  }

  public static BatchConfig defaults() {
    return new BatchConfig(
        Mode.FAST, 512, Duration.ofMillis(50), TagsInput.SPLIT, SplitNormalise.NONE);
  }

  /** The same with another input of tags. */
  public BatchConfig withTagsInput(TagsInput value) {
    return new BatchConfig(mode, size, flushInterval, value, splitNormalise);
  }
}

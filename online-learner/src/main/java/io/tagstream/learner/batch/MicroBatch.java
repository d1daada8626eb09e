package io.tagstream.learner.batch;

import io.tagstream.schemas.FeatureIds;
import it.unimi.dsi.fastutil.floats.FloatArrayList;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.ArrayList;
import java.util.List;

/**
 * What one training step reads: {@code I} impressions with their user side, and {@code R} rows, one
 * per tag of an impression (which {@code batch.tags-input = pooled} joins again). {@code F} user
 * fields, {@code K} tasks, {@code D} distinct tags. An impression without tags has no rows, yet
 * still teaches the stage head. Arrays are handed out without a copy and must not be written.
 */
public final class MicroBatch {

  private final int impressions;
  private final int fields;
  private final int tasks;
  private final int[] fieldOffsets;
  private final long[] fieldIds;
  private final int privileged;
  private final int[] privilegedOffsets;
  private final long[] privilegedIds;
  private final List<String> entities;
  private final long[] eventTimeMillis;
  private final boolean[] first;
  private final float[] labels;
  private final boolean[] labelled;
  private final float[] pseudoLabels;
  private final boolean[] pseudoLabelled;
  private final float[] sampleWeights;
  private final int[] rowImpression;
  private final int[] rowTag;
  private final float[] tagWeights;
  private final List<String> tagNames;
  private final long[] tagIds;

  private MicroBatch(Builder b) {
    impressions = b.eventTimes.size();
    fields = b.fields;
    tasks = b.tasks;
    fieldOffsets = b.fieldOffsets.toIntArray();
    fieldIds = b.fieldIds.toLongArray();
    privileged = b.privileged;
    privilegedOffsets = b.privilegedOffsets.toIntArray();
    privilegedIds = b.privilegedIds.toLongArray();
    entities = List.copyOf(b.entities);
    eventTimeMillis = b.eventTimes.toLongArray();
    first = toBooleans(b.first);
    labels = b.labels.toFloatArray();
    labelled = toBooleans(b.labelled);
    pseudoLabels = b.pseudoLabels.toFloatArray();
    pseudoLabelled = toBooleans(b.pseudoLabelled);
    sampleWeights = b.sampleWeights.toFloatArray();
    rowImpression = b.rowImpression.toIntArray();
    rowTag = b.rowTag.toIntArray();
    tagWeights = b.tagWeights.toFloatArray();
    tagNames = List.copyOf(b.tagNames);
    tagIds = b.tagIds.toLongArray();
  }

  /** Number of impressions, {@code I}. */
  public int impressions() {
    return impressions;
  }

  /** Number of user fields, {@code F}. */
  public int fields() {
    return fields;
  }

  /** Number of privileged fields, {@code P}. */
  public int privileged() {
    return privileged;
  }

  /** Number of tasks, {@code K}. */
  public int tasks() {
    return tasks;
  }

  /** Number of rows, {@code R}. */
  public int rows() {
    return rowImpression.length;
  }

  /**
   * {@code [I·F + 1]}: bag {@code i·F + f} holds field ids from its offset up to the next one's.
   */
  public int[] fieldOffsets() {
    return fieldOffsets;
  }

  /** Feature ids of all bags. */
  public long[] fieldIds() {
    return fieldIds;
  }

  /** {@code [I·P + 1]}: as {@link #fieldOffsets}, of the items' privileged fields. */
  public int[] privilegedOffsets() {
    return privilegedOffsets;
  }

  /** Feature ids of all privileged bags. */
  public long[] privilegedIds() {
    return privilegedIds;
  }

  /** {@code [I]}: which kind of item the impression is of; empty where none is named. */
  public List<String> entities() {
    return entities;
  }

  /** {@code [I]}: when the impression was shown, milliseconds since the epoch. */
  public long[] eventTimeMillis() {
    return eventTimeMillis;
  }

  /** {@code [I]}: true for the first emission of its impression. */
  public boolean[] first() {
    return first;
  }

  /** {@code [I, K]}: labels in {@code [0, 1]}. */
  public float[] labels() {
    return labels;
  }

  /** {@code [I, K]}: true where this emission makes the label known. */
  public boolean[] labelled() {
    return labelled;
  }

  /** {@code [I, K]}: the user's rolling mean label. */
  public float[] pseudoLabels() {
    return pseudoLabels;
  }

  /** {@code [I, K]}: true where the user has matured history. */
  public boolean[] pseudoLabelled() {
    return pseudoLabelled;
  }

  /** {@code [I, K]}: weights of delayed feedback. */
  public float[] sampleWeights() {
    return sampleWeights;
  }

  /** {@code [R]}: the row's impression, ascending. */
  public int[] rowImpression() {
    return rowImpression;
  }

  /** {@code [R]}: index of the row's tag in {@link #tagIds()}. */
  public int[] rowTag() {
    return rowTag;
  }

  /** {@code [R]}: Shapley weights, mean 1 over an impression's tags. */
  public float[] tagWeights() {
    return tagWeights;
  }

  /** {@code [D]}: names of the batch's distinct tags, in order of first appearance. */
  public List<String> tagNames() {
    return tagNames;
  }

  /** {@code [D]}: feature ids of the batch's distinct tags. */
  public long[] tagIds() {
    return tagIds;
  }

  /** Largest event time, milliseconds since the epoch; {@link Long#MIN_VALUE} when empty. */
  public long maxEventTimeMillis() {
    long max = Long.MIN_VALUE;
    for (long time : eventTimeMillis) {
      max = Math.max(max, time);
    }
    return max;
  }

  private static boolean[] toBooleans(IntArrayList list) {
    boolean[] out = new boolean[list.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = list.getInt(i) != 0;
    }
    return out;
  }

  /** A builder for samples without privileged fields. */
  public static Builder builder(int fields, int tasks) {
    return builder(fields, 0, tasks);
  }

  /**
   * A builder for samples with {@code fields} user fields, {@code privileged} privileged ones and
   * {@code tasks} tasks.
   */
  public static Builder builder(int fields, int privileged, int tasks) {
    return new Builder(fields, privileged, tasks);
  }

  /** Collects impressions and their tags; {@link #build()} may be called once per clear. */
  public static final class Builder {
    private final int fields;
    private final int privileged;
    private final int tasks;
    private final IntArrayList fieldOffsets = new IntArrayList();
    private final LongArrayList fieldIds = new LongArrayList();
    private final IntArrayList privilegedOffsets = new IntArrayList();
    private final LongArrayList privilegedIds = new LongArrayList();
    private final List<String> entities = new ArrayList<>();
    private final LongArrayList eventTimes = new LongArrayList();
    private final IntArrayList first = new IntArrayList();
    private final FloatArrayList labels = new FloatArrayList();
    private final IntArrayList labelled = new IntArrayList();
    private final FloatArrayList pseudoLabels = new FloatArrayList();
    private final IntArrayList pseudoLabelled = new IntArrayList();
    private final FloatArrayList sampleWeights = new FloatArrayList();
    private final IntArrayList rowImpression = new IntArrayList();
    private final IntArrayList rowTag = new IntArrayList();
    private final FloatArrayList tagWeights = new FloatArrayList();
    private final List<String> tagNames = new ArrayList<>();
    private final LongArrayList tagIds = new LongArrayList();
    private final Object2IntOpenHashMap<String> tagIndex = new Object2IntOpenHashMap<>();

    private Builder(int fields, int privileged, int tasks) {
      this.fields = fields;
      this.privileged = privileged;
      this.tasks = tasks;
      fieldOffsets.add(0);
      privilegedOffsets.add(0);
      tagIndex.defaultReturnValue(-1);
    }

    /** Impressions added so far. */
    public int impressions() {
      return eventTimes.size();
    }

    /** Forgets everything added. */
    public void clear() {
      fieldOffsets.size(1);
      fieldIds.clear();
      privilegedOffsets.size(1);
      privilegedIds.clear();
      entities.clear();
      eventTimes.clear();
      first.clear();
      labels.clear();
      labelled.clear();
      pseudoLabels.clear();
      pseudoLabelled.clear();
      sampleWeights.clear();
      rowImpression.clear();
      rowTag.clear();
      tagWeights.clear();
      tagNames.clear();
      tagIds.clear();
      tagIndex.clear();
    }

    /**
     * Adds an impression; {@link #addTag} then adds to it.
     *
     * @param shownAtMillis when it was shown, milliseconds since the epoch
     * @param isFirst whether this is the first emission of its impression
     * @param lengths ids per user field, {@code [F]}
     * @param ids feature ids, field after field
     * @param labelValues {@code [K]}
     * @param labelKnown {@code [K]}
     * @param pseudoLabelValues {@code [K]}
     * @param pseudoLabelKnown {@code [K]}
     * @param weights sample weights, {@code [K]}
     * @return the impression's index in the batch
     * @throws IllegalArgumentException when an array does not have its length
     */
    public int addImpression(
        long shownAtMillis,
        boolean isFirst,
        int[] lengths,
        long[] ids,
        float[] labelValues,
        boolean[] labelKnown,
        float[] pseudoLabelValues,
        boolean[] pseudoLabelKnown,
        float[] weights) {
      requireLength("user fields", lengths.length, fields);
      requireLength("labels", labelValues.length, tasks);
      requireLength("labelled", labelKnown.length, tasks);
      requireLength("pseudo-labels", pseudoLabelValues.length, tasks);
      requireLength("pseudo-labelled", pseudoLabelKnown.length, tasks);
      requireLength("sample weights", weights.length, tasks);
      addBags("user fields", lengths, ids, fieldOffsets, fieldIds);
      for (int p = 0; p < privileged; p++) {
        privilegedOffsets.add(privilegedIds.size());
      }
      entities.add("");
      eventTimes.add(shownAtMillis);
      first.add(isFirst ? 1 : 0);
      for (int k = 0; k < tasks; k++) {
        labels.add(labelValues[k]);
        labelled.add(labelKnown[k] ? 1 : 0);
        pseudoLabels.add(pseudoLabelValues[k]);
        pseudoLabelled.add(pseudoLabelKnown[k] ? 1 : 0);
        sampleWeights.add(weights[k]);
      }
      return eventTimes.size() - 1;
    }

    /**
     * Adds the privileged fields of the impression added last; without them they are empty.
     *
     * @param lengths ids per privileged field, {@code [P]}
     * @param ids feature ids, field after field
     */
    public void addPrivileged(int[] lengths, long[] ids) {
      requireLength("privileged fields", lengths.length, privileged);
      privilegedOffsets.size(privilegedOffsets.size() - privileged);
      addBags("privileged fields", lengths, ids, privilegedOffsets, privilegedIds);
    }

    /** Names the kind of item of the impression added last; without it none is named. */
    public void addEntity(String entity) {
      if (entities.isEmpty()) {
        throw new IllegalStateException("entity " + entity + ": add its impression first");
      }
      entities.set(entities.size() - 1, entity);
    }

    private static void addBags(
        String what, int[] lengths, long[] ids, IntArrayList offsets, LongArrayList all) {
      int total = 0;
      for (int length : lengths) {
        if (length < 0) {
          throw new IllegalArgumentException(what + ": length " + length + " - is negative");
        }
        total += length;
      }
      requireLength(what + " ids", ids.length, total);
      int offset = all.size();
      for (int length : lengths) {
        offset += length;
        offsets.add(offset);
      }
      all.addElements(all.size(), ids);
    }

    /**
     * Adds a row: a tag of the impression added last.
     *
     * @param tag the tag's name
     * @param weight its Shapley weight
     * @return the row's index in the batch
     */
    public int addTag(String tag, float weight) {
      if (eventTimes.isEmpty()) {
        throw new IllegalStateException("tag " + tag + ": add its impression first");
      }
      int index = tagIndex.getInt(tag);
      if (index < 0) {
        index = tagNames.size();
        tagIndex.put(tag, index);
        tagNames.add(tag);
        tagIds.add(FeatureIds.ofTag(tag));
      }
      rowImpression.add(eventTimes.size() - 1);
      rowTag.add(index);
      tagWeights.add(weight);
      return rowTag.size() - 1;
    }

    /** The batch. */
    public MicroBatch build() {
      return new MicroBatch(this);
    }

    private static void requireLength(String what, int actual, int expected) {
      if (actual != expected) {
        throw new IllegalArgumentException(
            what + ": " + actual + " values - expected " + expected + "; was the schema changed?");
      }
    }
  }
}

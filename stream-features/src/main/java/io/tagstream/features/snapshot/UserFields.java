package io.tagstream.features.snapshot;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.history.TagHistory;
import io.tagstream.features.record.OpenImpression;
import io.tagstream.features.record.UserRecord;
import io.tagstream.features.window.RollingLabels;
import io.tagstream.features.window.Window;
import io.tagstream.schemas.FeatureIds;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;

/**
 * Puts the user fields together, first as codes, which are small enough to be kept with an open
 * impression, and from these as bags of ids.
 *
 * <p>Codes, field after field: SINGLE is symbol + 1 or 0; BAG is its size and as many symbols;
 * BUCKET is bucket + 1 or 0. Scratch arrays are reused: one instance per thread.
 */
public final class UserFields implements UserRecord.SnapshotSymbols {

  private static final Window[] WINDOWS = Window.values();

  private final FeatureSchema.Field[] fields;

  /** Ids of the buckets of each BUCKET field. */
  private final long[][] bucketIds;

  private final int attributes;
  private final int clickedFields;
  private final int tasks;
  private final int lastTags;
  private final int topTags;
  private final int shownTags;
  private final int lastValues;

  private final int[] codes;
  private int count;

  /**
   * For one schema.
   *
   * @param config the settings it was made of
   * @param schema the schema
   */
  public UserFields(FeaturesConfig config, FeatureSchema schema) {
    this.fields = schema.fields().toArray(new FeatureSchema.Field[0]);
    this.bucketIds = new long[fields.length][];
    for (int f = 0; f < fields.length; f++) {
      if (fields[f].kind() == FeatureSchema.Kind.BUCKET) {
        bucketIds[f] = new long[fields[f].limit()];
        for (int bucket = 0; bucket < bucketIds[f].length; bucket++) {
          bucketIds[f][bucket] = FeatureIds.of(fields[f].vocabulary(), Integer.toString(bucket));
        }
      }
    }
    this.attributes = config.fields().userAttributes().size();
    this.clickedFields = config.fields().clicked().size();
    this.tasks = config.tasks().size();
    this.lastTags = config.fields().lastTags();
    this.topTags = config.fields().topTags();
    this.shownTags = config.fields().shownTags();
    this.lastValues = config.fields().lastValues();
    this.codes = new int[schema.maxCodes()];
  }

  /**
   * Codes of the fields as of a time. Histories and labels must stand at that time.
   *
   * @param attributeSymbols symbol + 1 per attribute, or 0
   * @param clicked the items clicked within the window
   * @param shown the items shown within it
   * @param labels the rolling labels
   * @param context symbol + 1 for scene, entity and further context fields, or 0
   * @param timeMillis the time, for the hour
   */
  public void assemble(
      int[] attributeSymbols,
      TagHistory clicked,
      TagHistory shown,
      RollingLabels labels,
      int[] context,
      long timeMillis) {
    count = 0;
    for (int a = 0; a < attributes; a++) {
      codes[count++] = attributeSymbols[a];
    }
    clicked.tallyTags();
    endBag(clicked.lastTags(lastTags, codes, count + 1));
    endBag(clicked.topTags(topTags, codes, count + 1));
    shown.tallyTags();
    endBag(shown.topTags(shownTags, codes, count + 1));
    for (int field = 0; field < clickedFields; field++) {
      endBag(clicked.lastValues(field, lastValues, codes, count + 1));
    }
    for (int task = 0; task < tasks; task++) {
      for (Window window : WINDOWS) {
        boolean known = labels.count(task, window) > 0;
        codes[count++] = known ? Buckets.ofMean(labels.mean(task, window)) + 1 : 0;
      }
    }
    for (Window window : WINDOWS) {
      codes[count++] = Buckets.ofCount(labels.count(0, window)) + 1;
    }
    codes[count++] = Buckets.ofHour(timeMillis) + 1;
    for (int symbol : context) {
      codes[count++] = symbol;
    }
  }

  /** The codes last assembled or unpacked, {@link #count} of them. */
  public int[] codes() {
    return codes;
  }

  /** How many codes there are. */
  public int count() {
    return count;
  }

  /** Takes the codes of an impression's snapshot. */
  public void unpack(OpenImpression impression) {
    count = impression.unpackCodes(codes);
  }

  /**
   * The codes as bags of ids.
   *
   * @param record knows the ids of symbols
   * @param lengths takes the number of ids per field, {@code [F]}
   * @param ids takes the ids, field after field
   */
  public void expand(UserRecord record, IntArrayList lengths, LongArrayList ids) {
    int at = 0;
    for (int f = 0; f < fields.length; f++) {
      int code = codes[at++];
      switch (fields[f].kind()) {
        case SINGLE -> {
          lengths.add(code > 0 ? 1 : 0);
          if (code > 0) {
            ids.add(record.id(code - 1));
          }
        }
        case BUCKET -> {
          lengths.add(code > 0 ? 1 : 0);
          if (code > 0) {
            ids.add(bucketIds[f][code - 1]);
          }
        }
        case BAG -> {
          lengths.add(code);
          for (int i = 0; i < code; i++) {
            ids.add(record.id(codes[at++]));
          }
        }
      }
    }
  }

  @Override
  public void mark(OpenImpression impression, boolean[] used) {
    unpack(impression);
    int at = 0;
    for (FeatureSchema.Field field : fields) {
      int code = codes[at++];
      if (field.kind() == FeatureSchema.Kind.SINGLE && code > 0) {
        used[code - 1] = true;
      } else if (field.kind() == FeatureSchema.Kind.BAG) {
        for (int i = 0; i < code; i++) {
          used[codes[at++]] = true;
        }
      }
    }
  }

  @Override
  public void rename(OpenImpression impression, int[] renamed) {
    unpack(impression);
    int at = 0;
    for (FeatureSchema.Field field : fields) {
      int code = codes[at++];
      if (field.kind() == FeatureSchema.Kind.SINGLE && code > 0) {
        codes[at - 1] = renamed[code - 1] + 1;
      } else if (field.kind() == FeatureSchema.Kind.BAG) {
        for (int i = 0; i < code; i++, at++) {
          codes[at] = renamed[codes[at]];
        }
      }
    }
    impression.packCodes(codes, count);
  }

  private void endBag(int size) {
    codes[count] = size;
    count += 1 + size;
  }
}

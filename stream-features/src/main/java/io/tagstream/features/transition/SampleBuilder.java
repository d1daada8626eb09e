package io.tagstream.features.transition;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.bytes.ByteReader;
import io.tagstream.features.record.OpenImpression;
import io.tagstream.features.record.PendingLabels;
import io.tagstream.features.record.UserRecord;
import io.tagstream.features.snapshot.FeatureSchema;
import io.tagstream.features.snapshot.UserFields;
import io.tagstream.schemas.Cause;
import io.tagstream.schemas.FeatureBags;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.TrainingSample;
import it.unimi.dsi.fastutil.booleans.BooleanArrayList;
import it.unimi.dsi.fastutil.floats.FloatArrayList;
import it.unimi.dsi.fastutil.floats.FloatImmutableList;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the records that leave the stage. Lists are of primitives inside; nothing is kept of them.
 */
final class SampleBuilder {

  private final LabelTasks tasks;
  private final UserFields userFields;
  private final int fieldCount;
  private final long digest;
  private final FloatImmutableList ones;

  SampleBuilder(
      FeaturesConfig config, LabelTasks tasks, FeatureSchema schema, UserFields userFields) {
    this.tasks = tasks;
    this.userFields = userFields;
    this.fieldCount = schema.fields().size();
    this.digest = schema.digest();
    float[] weights = new float[config.tasks().size()];
    Arrays.fill(weights, 1);
    this.ones = FloatImmutableList.of(weights);
  }

  /**
   * A training sample.
   *
   * @param fresh bit per task whose label this emission makes known
   */
  TrainingSample sample(
      String userId, UserRecord record, OpenImpression shown, PendingLabels emission, long fresh) {
    ByteReader names = shown.names();
    String impressionId = names.text();
    String itemId = names.text();
    String entity = names.text();
    List<String> tagNames = tagNames(names, shown.tagCount());
    userFields.unpack(shown);
    FloatArrayList labels = new FloatArrayList(tasks.count());
    BooleanArrayList labelled = new BooleanArrayList(tasks.count());
    for (int task = 0; task < tasks.count(); task++) {
      boolean known = (fresh >>> task & 1) != 0;
      labelled.add(known);
      labels.add(known ? tasks.label(task, emission, shown.timeMillis()) : 0);
    }
    return new TrainingSample(
        userId,
        impressionId,
        itemId,
        entity,
        shown.timeMillis(),
        emission.eventTimeMillis(),
        LabelTasks.emission(emission.action()),
        !shown.is(OpenImpression.SAMPLED),
        emission.late() || shown.is(OpenImpression.LATE),
        bags(record),
        tagNames,
        FloatArrayList.wrap(Arrays.copyOf(shown.weights(), shown.tagCount())),
        privileged(record, shown.privileged()),
        labels,
        labelled,
        FloatArrayList.wrap(shown.pseudoLabels().clone()),
        flags(shown.pseudoLabelled()),
        ones,
        digest);
  }

  /** Why a score is asked for. */
  Cause cause(OpenImpression shown, PendingLabels emission) {
    ByteReader names = shown.names();
    String impressionId = names.text();
    String itemId = names.text();
    names.text(); // entity
    return new Cause(
        LabelTasks.emission(emission.action()),
        impressionId,
        itemId,
        tagNames(names, shown.tagCount()),
        emission.eventTimeMillis(),
        emission.appendTimeMillis());
  }

  /** A score request; the user fields must be assembled. */
  ScoreRequest scoreRequest(
      String userId,
      UserRecord record,
      long timeMillis,
      List<Cause> causes,
      float[] pseudoLabels,
      long pseudoLabelled) {
    return new ScoreRequest(
        userId,
        timeMillis,
        bags(record),
        FloatArrayList.wrap(pseudoLabels.clone()),
        flags(pseudoLabelled),
        causes,
        digest);
  }

  private FeatureBags bags(UserRecord record) {
    IntArrayList lengths = new IntArrayList(fieldCount);
    LongArrayList ids = new LongArrayList(userFields.count());
    userFields.expand(record, lengths, ids);
    return new FeatureBags(lengths, ids);
  }

  private static FeatureBags privileged(UserRecord record, int[] symbols) {
    IntArrayList lengths = new IntArrayList(symbols.length);
    LongArrayList ids = new LongArrayList(symbols.length);
    for (int symbol : symbols) {
      lengths.add(symbol > 0 ? 1 : 0);
      if (symbol > 0) {
        ids.add(record.id(symbol - 1));
      }
    }
    return new FeatureBags(lengths, ids);
  }

  private BooleanArrayList flags(long mask) {
    BooleanArrayList flags = new BooleanArrayList(tasks.count());
    for (int task = 0; task < tasks.count(); task++) {
      flags.add((mask >>> task & 1) != 0);
    }
    return flags;
  }

  private static List<String> tagNames(ByteReader names, int count) {
    String[] tags = new String[count];
    for (int i = 0; i < count; i++) {
      tags[i] = names.text();
    }
    return Arrays.asList(tags);
  }
}

package io.tagstream.learner.assembly;

import io.tagstream.schemas.Emission;
import io.tagstream.schemas.FeatureBags;
import io.tagstream.schemas.TrainingSample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Builds training samples of three tasks and two user fields for tests. */
public final class Samples {

  public static final int TASKS = 3;
  public static final int FIELDS = 2;

  private Samples() {}

  /** An emission that makes the given tasks' labels known; NaN where it does not. */
  public static TrainingSample sample(
      String user, String impression, Emission emission, long knownAt, float... labels) {
    List<Float> values = new ArrayList<>();
    List<Boolean> known = new ArrayList<>();
    for (float label : labels) {
      values.add(Float.isNaN(label) ? 0 : label);
      known.add(!Float.isNaN(label));
    }
    return TrainingSample.newBuilder()
        .setUserId(user)
        .setImpressionId(impression)
        .setItemId("item")
        .setEntity("video")
        .setImpressionTimeMillis(1_700_000_000_000L)
        .setKnownAtMillis(knownAt)
        .setEmission(emission)
        .setFirst(emission != Emission.CORRECTION)
        .setUserFields(new FeatureBags(List.of(2, 1), List.of(11L, 12L, 21L)))
        .setTags(List.of("a", "b"))
        .setTagWeights(List.of(1.5f, 0.5f))
        .setPrivileged(new FeatureBags(List.of(), List.of()))
        .setLabels(values)
        .setLabelled(known)
        .setPseudoLabels(new ArrayList<>(Collections.nCopies(TASKS, 0.25f)))
        .setPseudoLabelled(new ArrayList<>(Collections.nCopies(TASKS, true)))
        .setSampleWeights(new ArrayList<>(Collections.nCopies(TASKS, 1f)))
        .setFeatureSchemaVersion(7)
        .build();
  }
}

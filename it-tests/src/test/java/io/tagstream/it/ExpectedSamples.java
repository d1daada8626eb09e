package io.tagstream.it;

import io.tagstream.schemas.Emission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which samples good events make: of an impression one for what became known within the label
 * window, one for the window's end unless nothing was left to say, and one for what corrects it.
 */
final class ExpectedSamples {

  private static final Set<Emission> ALL_LABELS =
      EnumSet.of(Emission.CLICK, Emission.STAY, Emission.CONVERSION);

  private final long windowMillis;
  private final Map<String, Long> shown = new HashMap<>();
  private final Map<String, List<Engaged>> engaged = new HashMap<>();

  private record Engaged(Emission emission, long timeMillis) {}

  ExpectedSamples(long windowMillis) {
    this.windowMillis = windowMillis;
  }

  boolean has(String impressionId) {
    return shown.containsKey(impressionId);
  }

  void show(String impressionId, long timeMillis) {
    shown.put(impressionId, timeMillis);
  }

  /** An engagement that its impression takes, which may come later. */
  void engage(String impressionId, Emission emission, long timeMillis) {
    engaged
        .computeIfAbsent(impressionId, id -> new ArrayList<>())
        .add(new Engaged(emission, timeMillis));
  }

  /** Of the impressions whose window is over at a time, and of nothing later. */
  Set<SampleRecorder.Key> until(long timeMillis) {
    Set<SampleRecorder.Key> samples = new HashSet<>();
    shown.forEach(
        (id, shownAt) -> {
          long windowEnd = shownAt + windowMillis;
          if (windowEnd > timeMillis) {
            return;
          }
          Set<Emission> labels = EnumSet.noneOf(Emission.class);
          for (Engaged one : engaged.getOrDefault(id, List.of())) {
            labels.add(one.timeMillis <= windowEnd ? one.emission : Emission.CORRECTION);
          }
          if (!labels.containsAll(ALL_LABELS)) {
            labels.add(Emission.WINDOW_CLOSE);
          }
          labels.forEach(label -> samples.add(new SampleRecorder.Key(id, label)));
        });
    return samples;
  }
}

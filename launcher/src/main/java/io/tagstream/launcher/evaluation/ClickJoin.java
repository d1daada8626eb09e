package io.tagstream.launcher.evaluation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts clicks to the tags of their impressions, for the scorers: each impression once, each
 * impression's click once, in whichever order they come; forgets impressions after a horizon.
 */
final class ClickJoin {

  /** Receives what was joined. */
  interface Listener {

    /** An impression, the first time it is seen. */
    void shown(String userId, List<String> tags, long timeMillis);

    /** The first click of an impression. */
    void clicked(String userId, List<String> tags, long clickTimeMillis);
  }

  private record Open(String impressionId, String userId, List<String> tags, long timeMillis) {}

  private record EarlyClick(String impressionId, long timeMillis) {}

  private final Listener listener;
  private final long horizonMillis;
  private final Map<String, Open> open = new HashMap<>();
  private final Set<String> clicked = new HashSet<>();
  private final Map<String, Long> earlyClicks = new HashMap<>();
  private final Queue<Open> openOrder = new ArrayDeque<>();
  private final Queue<EarlyClick> earlyOrder = new ArrayDeque<>();

  /**
   * A join.
   *
   * @param horizonMillis how long after an impression its click may come, event time
   */
  ClickJoin(long horizonMillis, Listener listener) {
    this.horizonMillis = horizonMillis;
    this.listener = listener;
  }

  void impression(
      String userId, String impressionId, @Nullable List<String> tags, long timeMillis) {
    expire(timeMillis);
    Open impression =
        new Open(
            impressionId, userId, tags == null ? List.of() : new ArrayList<>(tags), timeMillis);
    if (open.putIfAbsent(impressionId, impression) != null) {
      return;
    }
    openOrder.add(impression);
    listener.shown(userId, impression.tags(), timeMillis);
    Long clickTime = earlyClicks.remove(impressionId);
    if (clickTime != null) {
      clicked.add(impressionId);
      listener.clicked(userId, impression.tags(), clickTime);
    }
  }

  void click(String impressionId, long timeMillis) {
    expire(timeMillis);
    Open impression = open.get(impressionId);
    if (impression == null) {
      if (earlyClicks.putIfAbsent(impressionId, timeMillis) == null) {
        earlyOrder.add(new EarlyClick(impressionId, timeMillis));
      }
    } else if (clicked.add(impressionId)) {
      listener.clicked(impression.userId(), impression.tags(), timeMillis);
    }
  }

  private void expire(long timeMillis) {
    for (Open first = openOrder.peek();
        first != null && first.timeMillis() < timeMillis - horizonMillis;
        first = openOrder.peek()) {
      openOrder.remove();
      open.remove(first.impressionId());
      clicked.remove(first.impressionId());
    }
    for (EarlyClick first = earlyOrder.peek();
        first != null && first.timeMillis() < timeMillis - horizonMillis;
        first = earlyOrder.peek()) {
      earlyOrder.remove();
      earlyClicks.remove(first.impressionId());
    }
  }
}

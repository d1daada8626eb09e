package io.tagstream.launcher.bench;

import io.tagstream.launcher.demo.EventPump;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Topic;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** How many events of each kind were sent. Written by one thread, read by any. */
final class TopicCounts implements EventPump.Observer {

  private static final List<Topic> KINDS =
      List.of(Topic.IMPRESSIONS, Topic.CLICKS, Topic.STAYS, Topic.CONVERSIONS);

  private final Map<Topic, AtomicLong> counts = new EnumMap<>(Topic.class);

  TopicCounts() {
    for (Topic topic : Topic.values()) {
      counts.put(topic, new AtomicLong());
    }
  }

  @Override
  public void before(WorldEvent event) {
    count(event.topic()).incrementAndGet();
  }

  long of(Topic topic) {
    return count(topic).get();
  }

  /** Shares in percent, by topic. */
  Map<String, Object> mix() {
    double total = KINDS.stream().mapToLong(this::of).sum();
    Map<String, Object> mix = new LinkedHashMap<>();
    for (Topic topic : KINDS) {
      mix.put(topic.defaultName(), 100 * of(topic) / total);
    }
    return mix;
  }

  private AtomicLong count(Topic topic) {
    AtomicLong count = counts.get(topic);
    if (count == null) {
      throw new IllegalStateException(topic + " is not counted");
    }
    return count;
  }
}

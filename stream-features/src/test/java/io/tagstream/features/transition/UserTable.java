package io.tagstream.features.transition;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.record.KeptImpressions;
import io.tagstream.features.record.UserRecord;
import io.tagstream.features.stay.StayBins;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.UserFact;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;

/** Records of users with their timers: what the operator does, without Flink. */
public final class UserTable implements FeatureOutput, KeptImpressions {

  private record Timer(long timeMillis, String user) {}

  final List<ScoreRequest> scoreRequests = new ArrayList<>();
  long lateFacts;
  long unmatched;
  long openSnapshots;
  long maxBytes;

  private final FeaturesConfig config;
  private final StayBins stayBins;
  private FeatureTransition transition;
  private final Consumer<TrainingSample> samples;
  private final Map<String, byte[]> records = new HashMap<>();
  private final Map<String, Map<Long, byte[]>> kept = new HashMap<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::timeMillis));
  private final Set<Timer> live = new HashSet<>();
  private long watermark = Long.MIN_VALUE;
  private String user = "";

  /** A table without users. */
  public UserTable(FeaturesConfig config, Consumer<TrainingSample> samples) {
    this.config = config;
    this.stayBins = StayBins.configured(config.labels().stays().edges());
    this.transition = new FeatureTransition(config, stayBins, this);
    this.samples = samples;
  }

  /** As after a restore: only what is in the state is left. */
  public void restart() {
    transition = new FeatureTransition(config, stayBins, this);
  }

  /** A fact comes. */
  public void put(UserFact fact) {
    user = fact.getUserId();
    keep(transition.apply(records.get(user), fact, watermark, this));
  }

  /** Time has come so far: users whose timers are due are woken. */
  public void advanceTo(long newWatermark) {
    watermark = Math.max(watermark, newWatermark);
    while (!timers.isEmpty() && timers.peek().timeMillis() <= watermark) {
      Timer timer = timers.poll();
      if (live.remove(timer)) {
        user = timer.user();
        keep(transition.wake(user, records.get(user), timer.timeMillis(), watermark, false, this));
      }
    }
  }

  void end() {
    List<Timer> all = new ArrayList<>(timers);
    timers.clear();
    for (Timer timer : all) {
      if (live.remove(timer)) {
        user = timer.user();
        keep(transition.wake(user, records.get(user), timer.timeMillis(), watermark, true, this));
      }
    }
  }

  /** What is remembered of every user. */
  public Map<String, byte[]> records() {
    return records;
  }

  /** What lies beside it. */
  public int keptImpressions() {
    return kept.values().stream().mapToInt(Map::size).sum();
  }

  /** Facts that came behind the watermark. */
  public long lateFacts() {
    return lateFacts;
  }

  /** Labels that found no impression. */
  public long unmatched() {
    return unmatched;
  }

  /** Snapshots that are held. */
  public long openSnapshots() {
    return openSnapshots;
  }

  /** Timers that are set. */
  public int liveTimers() {
    return live.size();
  }

  private void keep(byte[] bytes) {
    if (bytes == null) {
      records.remove(user);
    } else {
      records.put(user, bytes);
      maxBytes = Math.max(maxBytes, bytes.length);
    }
  }

  @Override
  public byte[] get(long impressionId) {
    return kept.getOrDefault(user, Map.of()).get(impressionId);
  }

  @Override
  public void put(long impressionId, byte[] packed) {
    kept.computeIfAbsent(user, unused -> new HashMap<>()).put(impressionId, packed);
  }

  @Override
  public void remove(long impressionId) {
    kept.get(user).remove(impressionId);
  }

  @Override
  public List<Long> ids() {
    return List.copyOf(kept.getOrDefault(user, Map.of()).keySet());
  }

  @Override
  public void sample(TrainingSample sample) {
    samples.accept(sample);
  }

  @Override
  public void scoreRequest(ScoreRequest request) {
    scoreRequests.add(request);
  }

  @Override
  public void moveTimer(long timeMillis, long replacedMillis) {
    if (replacedMillis != UserRecord.NEVER) {
      live.remove(new Timer(replacedMillis, user));
    }
    if (timeMillis != UserRecord.NEVER) {
      Timer timer = new Timer(timeMillis, user);
      timers.add(timer);
      live.add(timer);
    }
  }

  @Override
  public void lateFact() {
    lateFacts++;
  }

  @Override
  public void unmatchedLabels() {
    unmatched++;
  }

  @Override
  public void openSnapshots(int change) {
    openSnapshots += change;
  }
}

package io.tagstream.launcher.bench;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.record.KeptImpressions;
import io.tagstream.features.stay.StayBins;
import io.tagstream.features.transition.FeatureOutput;
import io.tagstream.features.transition.FeatureTransition;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.UserFact;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the feature stage asks of its state, sampled from its own transition without Flink: how
 * large a user's record is after so many writes, how often a touch of a kind moves its timer, and
 * how far ahead, and how often it puts an impression beside the record or looks for one there.
 */
final class RecordProfile implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final long NEVER = Long.MAX_VALUE;

  // Touches of a record: by a fact's kind, or by a timer.
  static final int CLICK = 0;
  static final int STAY = 1;
  static final int CONVERSION = 2;
  static final int WINDOW_CLOSE = 3;
  static final int CORRECTION = 4;
  static final int OPENED = 5;
  static final int WAKE = 6;
  static final int KINDS = 7;

  static final int MOST_WRITES = 512;

  /** The timer that ends a record is set once, weeks ahead: it is no part of the rhythm. */
  private static final long WEEKS_AHEAD = Duration.ofDays(14).toMillis();

  private final double[] touches = new double[KINDS];
  private final double[] sets = new double[KINDS];
  private final double[] aheadMillis = new double[KINDS];
  private final double[] keeps = new double[KINDS];
  private final double[] takesBack = new double[KINDS];
  private final double[] sizes = new double[MOST_WRITES];
  private final long[] sized = new long[MOST_WRITES];
  private double bytes;
  private double writes;
  private double largest;
  private double keptBytes;

  /** Records by user, as they are in the sample. */
  private static final class SampledUser {
    final Map<Long, byte[]> kept = new HashMap<>();
    byte @Nullable [] bytes;
    int writes;
    final Set<Long> timers = new HashSet<>();
  }

  /**
   * Runs the transition on a small population with the stream's rhythm.
   *
   * @param ticks how long; facts per user are what matters
   */
  static RecordProfile of(FeaturesConfig config, FactStream stream, long ticks, long lagMillis) {
    RecordProfile profile = new RecordProfile();
    new Sampling(config, profile).run(stream, ticks, lagMillis);
    for (int n = 1; n < MOST_WRITES; n++) {
      profile.sizes[n] =
          profile.sized[n] == 0 ? profile.sizes[n - 1] : profile.sizes[n] / profile.sized[n];
    }
    return profile;
  }

  /** Which touch a fact is. */
  static int kind(UserFact fact) {
    if (!(fact.getFact() instanceof LabeledImpression labels)) {
      return OPENED;
    }
    return switch (labels.getEmission()) {
      case CLICK -> CLICK;
      case STAY -> STAY;
      case CONVERSION -> CONVERSION;
      case WINDOW_CLOSE -> WINDOW_CLOSE;
      case CORRECTION -> CORRECTION;
    };
  }

  /** Bytes of a record after so many writes. */
  int size(int writesSoFar) {
    return (int) sizes[Math.min(writesSoFar, MOST_WRITES - 1)];
  }

  /** Timers set per touch of a kind. */
  double timersPerTouch(int kind) {
    return touches[kind] == 0 ? 0 : sets[kind] / touches[kind];
  }

  /** How far ahead of the watermark they are set, milliseconds. */
  long aheadMillis(int kind) {
    return sets[kind] == 0 ? 0 : (long) (aheadMillis[kind] / sets[kind]);
  }

  /** Impressions put beside the record per touch of a kind. */
  double keepsPerTouch(int kind) {
    return touches[kind] == 0 ? 0 : keeps[kind] / touches[kind];
  }

  /** Impressions looked up beside the record per touch of a kind. */
  double takesBackPerTouch(int kind) {
    return touches[kind] == 0 ? 0 : takesBack[kind] / touches[kind];
  }

  /** Mean bytes of an impression beside the record. */
  int keptBytes() {
    double all = Arrays.stream(keeps).sum();
    return all == 0 ? 0 : (int) (keptBytes / all);
  }

  double meanBytes() {
    return bytes / writes;
  }

  double largestBytes() {
    return largest;
  }

  double wakesPerFact() {
    double facts = 0;
    for (int kind = 0; kind < WAKE; kind++) {
      facts += touches[kind];
    }
    return touches[WAKE] / facts;
  }

  /** One run; remembers the timers that Flink would. */
  private static final class Sampling implements FeatureOutput, KeptImpressions {
    private final FeatureTransition transition;
    private final RecordProfile profile;
    private final Map<String, SampledUser> users = new HashMap<>();
    private final TreeMap<Long, List<String>> timers = new TreeMap<>();
    private long watermark = Long.MIN_VALUE;
    private int kind;
    private SampledUser user = new SampledUser();
    private String id = "";

    Sampling(FeaturesConfig config, RecordProfile profile) {
      this.transition =
          new FeatureTransition(config, StayBins.configured(config.labels().stays().edges()), this);
      this.profile = profile;
    }

    void run(FactStream stream, long ticks, long lagMillis) {
      for (long tick = 0; tick < ticks; tick++) {
        stream.facts(
            tick,
            (fact, time) -> {
              begin(fact.getUserId(), kind(fact));
              user.bytes = transition.apply(user.bytes, fact, watermark, this);
              wrote();
            });
        watermark = stream.timeMillis(tick) - lagMillis;
        fire();
      }
    }

    private void fire() {
      while (!timers.isEmpty() && timers.firstKey() <= watermark) {
        Map.Entry<Long, List<String>> due = timers.pollFirstEntry();
        for (String woken : due.getValue()) {
          begin(woken, WAKE);
          if (!user.timers.remove(due.getKey())) {
            continue; // moved meanwhile: Flink had deleted it
          }
          profile.touches[WAKE]++;
          user.bytes = transition.wake(woken, user.bytes, due.getKey(), watermark, false, this);
          wrote();
        }
      }
    }

    private void begin(String userId, int touch) {
      id = userId;
      kind = touch;
      user = users.computeIfAbsent(userId, unused -> new SampledUser());
      if (touch != WAKE) {
        profile.touches[touch]++;
      }
    }

    private void wrote() {
      int size = user.bytes == null ? 0 : user.bytes.length;
      user.writes = Math.min(user.writes + 1, MOST_WRITES - 1);
      profile.sizes[user.writes] += size;
      profile.sized[user.writes]++;
      profile.bytes += size;
      profile.writes++;
      profile.largest = Math.max(profile.largest, size);
    }

    @Override
    public byte @Nullable [] get(long impressionId) {
      profile.takesBack[kind]++;
      return user.kept.get(impressionId);
    }

    @Override
    public void put(long impressionId, byte[] packed) {
      profile.keeps[kind]++;
      profile.keptBytes += packed.length;
      user.kept.put(impressionId, packed);
    }

    @Override
    public void remove(long impressionId) {
      user.kept.remove(impressionId);
    }

    @Override
    public List<Long> ids() {
      return List.copyOf(user.kept.keySet());
    }

    @Override
    public void moveTimer(long timeMillis, long replacedMillis) {
      user.timers.remove(replacedMillis);
      boolean rhythm = watermark != Long.MIN_VALUE && timeMillis - watermark < WEEKS_AHEAD;
      if (timeMillis != NEVER && rhythm) {
        profile.sets[kind]++;
        profile.aheadMillis[kind] += Math.max(0, timeMillis - watermark);
      }
      if (timeMillis != NEVER && user.timers.add(timeMillis)) {
        timers.computeIfAbsent(timeMillis, unused -> new ArrayList<>()).add(id);
      }
    }

    @Override
    public void sample(TrainingSample sample) {}

    @Override
    public void scoreRequest(ScoreRequest request) {}

    @Override
    public void lateFact() {}

    @Override
    public void unmatchedLabels() {}

    @Override
    public void openSnapshots(int change) {}
  }
}

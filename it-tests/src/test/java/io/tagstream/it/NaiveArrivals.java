package io.tagstream.it;

import io.tagstream.ingestion.ConversionSpace;
import io.tagstream.ingestion.join.Engagement;
import io.tagstream.ingestion.join.JoinRules;
import io.tagstream.ingestion.join.NaiveJoin;
import io.tagstream.ingestion.join.RecordSource;
import io.tagstream.ingestion.join.Shown;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Origin;
import io.tagstream.schemas.Stay;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What becomes of records that may come late, with all of them at hand and each with the watermark
 * it met. The rules are the table in ingestion's README, one impression at a time; what is left is
 * labelled by {@link NaiveJoin}, which knows no watermark.
 */
final class NaiveArrivals {

  private record Arrival(Engagement engagement, long watermark, boolean afterOpening) {}

  /** What is known of one impression and of what names it. */
  private static final class Story {
    private Shown opened;
    private long openedAtWatermark;
    private final List<Arrival> arrivals = new ArrayList<>();
  }

  final Map<NaiveJoin.Key, NaiveJoin.Said> emissions = new HashMap<>();

  /** Offsets of refused records. */
  final Set<Long> refused = new HashSet<>();

  /**
   * Impressions with a conversion that came behind their window's end and is dated before it: it
   * corrects what was said, and no table has a line for it.
   */
  final Set<String> approximate = new HashSet<>();

  /** Records that meet an impression, or repeat one that does, or one that waits. */
  int placed;

  /** Repeated impressions. */
  int repeated;

  int opened;

  private final JoinRules rules;
  private final long window;
  private final long horizon;
  private final Map<String, Story> stories = new HashMap<>();

  NaiveArrivals(JoinRules rules) {
    this.rules = rules;
    this.window = rules.windowMillis();
    this.horizon = rules.horizonMillis();
  }

  /** A record that the decoder took, and the watermark it met. */
  void arrive(InputRecord record, long watermark) {
    Origin origin = record.getOrigin();
    RecordSource source =
        new RecordSource(
            origin.getTopic(),
            origin.getPartition(),
            origin.getOffset(),
            origin.getAppendTimeMillis());
    Object body = record.getBody();
    if (body instanceof Impression shown) {
      show(
          new Shown(shown.getImpressionId(), shown.getEventTimeMillis(), 0),
          origin.getOffset(),
          watermark);
    } else if (body instanceof Click click) {
      engage(
          Engagement.click(click.getImpressionId(), click.getEventTimeMillis(), source), watermark);
    } else if (body instanceof Stay stay) {
      engage(
          Engagement.stay(
              stay.getImpressionId(), stay.getEventTimeMillis(), stay.getStayMillis(), source),
          watermark);
    } else if (body instanceof Conversion conversion) {
      engage(
          Engagement.conversion(
              conversion.getImpressionId(),
              conversion.getEventTimeMillis(),
              conversion.getConversionType(),
              conversion.getValue(),
              source),
          watermark);
    }
  }

  /** An impression; the first one that comes in time is opened. */
  private void show(Shown shown, long offset, long watermark) {
    Story story = stories.computeIfAbsent(shown.impressionId(), id -> new Story());
    if (story.opened == null && shown.timeMillis() + window > watermark) {
      story.opened = shown;
      story.openedAtWatermark = watermark;
      opened++;
    } else if (story.opened != null && watermark < knownUntil(story)) {
      repeated++;
    } else {
      refused.add(offset);
    }
  }

  private void engage(Engagement engagement, long watermark) {
    Story story = stories.computeIfAbsent(engagement.impressionId(), id -> new Story());
    story.arrivals.add(new Arrival(engagement, watermark, story.opened != null));
  }

  /** Decides on all. */
  void decide() {
    stories.forEach((id, story) -> decide(id, story));
  }

  private void decide(String id, Story story) {
    List<Engagement> taken = new ArrayList<>();
    List<Engagement> waitForImpression = new ArrayList<>();
    List<Engagement> waitForWindow = new ArrayList<>();
    List<Engagement> waitForNothing = new ArrayList<>();
    Shown shown = story.opened;
    boolean met = false;
    for (Arrival arrival : story.arrivals) {
      if (arrival.afterOpening && !met) {
        met = true;
        meet(story, waitForImpression, taken, waitForWindow);
      }
      Engagement engagement = arrival.engagement;
      if (!arrival.afterOpening) {
        await(engagement, arrival.watermark, waitForImpression);
      } else if (arrival.watermark >= knownUntil(shown, taken)) {
        await(engagement, arrival.watermark, waitForNothing);
      } else {
        place(id, shown, engagement, arrival.watermark, taken, waitForWindow);
      }
    }
    if (shown != null && !met) {
      meet(story, waitForImpression, taken, waitForWindow);
    }
    waitForNothing.forEach(this::refuse);
    if (shown == null) {
      waitForImpression.forEach(this::refuse);
      return;
    }
    for (Engagement correction : waitForWindow) {
      take(correction, retained(shown, taken) ? taken : null);
    }
    emissions.putAll(new NaiveJoin(rules, List.of(shown), taken).emissions());
  }

  /** The impression comes, and those that still wait for it are there. */
  private void meet(
      Story story,
      List<Engagement> waiting,
      List<Engagement> taken,
      List<Engagement> waitForWindow) {
    for (Engagement engagement : waiting) {
      if (engagement.timeMillis() + window <= story.openedAtWatermark) {
        refuse(engagement);
      } else {
        place("", story.opened, engagement, story.openedAtWatermark, taken, waitForWindow);
      }
    }
  }

  /** Without its impression it waits for one label window; what says the same waits once. */
  private void await(Engagement engagement, long watermark, List<Engagement> waiting) {
    if (engagement.timeMillis() + window <= watermark) {
      refuse(engagement);
    } else if (waiting.stream()
        .anyMatch(other -> same(other, engagement) && other.timeMillis() + window > watermark)) {
      placed++;
    } else {
      waiting.add(engagement);
    }
  }

  private void place(
      String id,
      Shown shown,
      Engagement engagement,
      long watermark,
      List<Engagement> taken,
      List<Engagement> waitForWindow) {
    long time = engagement.timeMillis();
    long end = shown.timeMillis() + window;
    boolean conversion = engagement.kind() == Engagement.Kind.CONVERSION;
    boolean closed = watermark >= end;
    if (time < shown.timeMillis() || (!conversion && time > end)) {
      refuse(engagement);
    } else if (!closed && time <= end) {
      take(engagement, taken);
    } else if (!conversion) {
      repeat(engagement, taken.stream().anyMatch(other -> other.kind() == engagement.kind()));
    } else if (time > shown.timeMillis() + horizon || watermark >= shown.timeMillis() + horizon) {
      refuse(engagement);
    } else if (!closed) {
      if (waitForWindow.stream().anyMatch(other -> same(other, engagement))) {
        placed++;
      } else {
        waitForWindow.add(engagement);
      }
    } else if (retained(shown, taken)) {
      take(engagement, taken);
      if (time <= end) {
        approximate.add(id);
      }
    } else {
      repeat(
          engagement,
          time <= end
              && taken.stream()
                  .anyMatch(
                      other ->
                          other.kind() == Engagement.Kind.CONVERSION
                              && other.conversionType().equals(engagement.conversionType())));
    }
  }

  /** Behind the window's end nothing changes what was said, not even an earlier event. */
  private void repeat(Engagement engagement, boolean known) {
    if (known) {
      placed++;
    } else {
      refuse(engagement);
    }
  }

  /** Takes it among the others, or refuses it where there are none. */
  private void take(Engagement engagement, List<Engagement> taken) {
    if (taken == null) {
      refuse(engagement);
    } else {
      placed++;
      taken.add(engagement);
    }
  }

  private void refuse(Engagement engagement) {
    refused.add(engagement.source().offset());
  }

  /** Clicked, or with any conversion in the space of all. */
  private boolean retained(Shown shown, List<Engagement> taken) {
    return taken.stream()
        .filter(one -> one.timeMillis() <= shown.timeMillis() + window)
        .anyMatch(
            one ->
                one.kind() == Engagement.Kind.CLICK
                    || (one.kind() == Engagement.Kind.CONVERSION
                        && rules.conversionSpace() == ConversionSpace.ALL));
  }

  private long knownUntil(Shown shown, List<Engagement> taken) {
    return shown.timeMillis() + (retained(shown, taken) ? horizon : window) + window;
  }

  /** Who is retained when an impression is repeated depends on what had come by then. */
  private long knownUntil(Story story) {
    List<Engagement> soFar = new ArrayList<>();
    long end = story.opened.timeMillis() + window;
    for (Arrival arrival : story.arrivals) {
      long met = arrival.afterOpening ? arrival.watermark : story.openedAtWatermark;
      long time = arrival.engagement.timeMillis();
      boolean waited = arrival.afterOpening || time + window > met;
      if (waited && time >= story.opened.timeMillis() && time <= end && met < end) {
        soFar.add(arrival.engagement);
      }
    }
    return knownUntil(story.opened, soFar);
  }

  private static boolean same(Engagement one, Engagement other) {
    return one.kind() == other.kind()
        && one.timeMillis() == other.timeMillis()
        && one.stayMillis() == other.stayMillis()
        && one.conversionType().equals(other.conversionType())
        && one.worth() == other.worth();
  }
}

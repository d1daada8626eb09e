package io.tagstream.launcher.world;

/**
 * How often each kind of event occurs, as shares of any total.
 *
 * @param impressions share of impressions
 * @param clicks share of clicks; at most one per impression
 * @param stays share of stays; every clicked impression has one, so at least the clicks
 * @param conversions share of conversions; at most one per impression
 */
public record EventMix(double impressions, double clicks, double stays, double conversions) {

  /** 55 impressions, 15 clicks, 27 stays, 3 conversions. */
  public static final EventMix DEFAULT = new EventMix(55, 15, 27, 3);

  public EventMix {
    if (!(clicks > 0 && clicks <= stays && stays < impressions && conversions >= 0)
        || conversions >= clicks) {
      throw new IllegalArgumentException(
          "world.mix: %s/%s/%s/%s - must be impressions > stays >= clicks > conversions >= 0"
              .formatted(impressions, clicks, stays, conversions));
    }
  }

  double total() {
    return impressions + clicks + stays + conversions;
  }

  double clickRate() {
    return clicks / impressions;
  }

  /** Chance of a stay without a click. */
  double unclickedStayRate() {
    return (stays - clicks) / (impressions - clicks);
  }

  double conversionRate() {
    return conversions / impressions;
  }
}

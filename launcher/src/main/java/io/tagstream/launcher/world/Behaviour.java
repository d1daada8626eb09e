package io.tagstream.launcher.world;

import io.tagstream.launcher.world.ItemCatalog.CatalogItem;
import java.util.List;

/**
 * How planted users react: chances of click, stay and conversion from what they like, their stage
 * and where they see the item, calibrated to the configured mix.
 */
final class Behaviour {

  /** Click logit by the number of liked tags of an item. */
  private static final double[] INTEREST_LOGIT = {0, 1.8, 2.7, 3.2};

  private static final double POSITION_LOGIT = -0.06;
  private static final double UNCLICKED_CONVERSION = 0.08;
  private static final double INTEREST_CONVERSION = 0.6;
  private static final double MAX_CONVERSION = 0.9;
  private static final int CALIBRATION_ROUNDS = 50;

  /**
   * One showing, as far as reactions depend on it.
   *
   * @param likedTags number of the item's tags the user likes
   * @param stage the user's stage
   * @param position rank in the list
   * @param scene where it is shown
   */
  record Showing(int likedTags, LifecycleStage stage, int position, Scene scene) {}

  /** Where items are shown. */
  enum Scene {
    FEED("feed", 0),
    RELATED("related", -0.3),
    SEARCH("search", 0.3);

    final String label;
    private final double clickShift;

    Scene(String label, double clickShift) {
      this.label = label;
      this.clickShift = clickShift;
    }
  }

  private final EventMix mix;
  private final double clickBase;
  private final double conversionBase;

  /**
   * A behaviour that yields the mix on average.
   *
   * @param sample showings as the world makes them
   */
  Behaviour(EventMix mix, Showing[] sample) {
    this.mix = mix;
    this.clickBase = solveClickBase(sample, mix.clickRate());
    double conversions = 0;
    for (Showing showing : sample) {
      double click = sigmoid(clickBase + clickLogit(showing));
      conversions += conversionFactor(showing) * (click + (1 - click) * UNCLICKED_CONVERSION);
    }
    this.conversionBase = mix.conversionRate() * sample.length / conversions;
  }

  static int likedTags(CatalogItem item, List<Integer> likedTopics) {
    int liked = 0;
    for (int topic : item.topics()) {
      if (likedTopics.contains(topic)) {
        liked++;
      }
    }
    return liked;
  }

  double clickChance(Showing showing) {
    return sigmoid(clickBase + clickLogit(showing));
  }

  double stayChance(boolean clicked) {
    return clicked ? 1 : mix.unclickedStayRate();
  }

  /** Median length of a stay, milliseconds. */
  double stayMedianMillis(Showing showing, boolean clicked) {
    return (clicked ? 20_000 : 5_000)
        * (1 + 0.5 * Math.min(showing.likedTags(), 3))
        * showing.stage().stayFactor;
  }

  double conversionChance(Showing showing, boolean clicked) {
    return Math.min(
        MAX_CONVERSION,
        conversionBase * conversionFactor(showing) * (clicked ? 1 : UNCLICKED_CONVERSION));
  }

  private static double clickLogit(Showing showing) {
    return INTEREST_LOGIT[Math.min(showing.likedTags(), INTEREST_LOGIT.length - 1)]
        + POSITION_LOGIT * showing.position()
        + showing.scene().clickShift
        + showing.stage().clickShift;
  }

  private static double conversionFactor(Showing showing) {
    return showing.stage().conversionFactor
        * (1 + INTEREST_CONVERSION * Math.min(showing.likedTags(), 3));
  }

  private static double solveClickBase(Showing[] sample, double rate) {
    double low = -20;
    double high = 20;
    for (int round = 0; round < CALIBRATION_ROUNDS; round++) {
      double middle = (low + high) / 2;
      double sum = 0;
      for (Showing showing : sample) {
        sum += sigmoid(middle + clickLogit(showing));
      }
      if (sum / sample.length < rate) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }
}

package io.tagstream.ingestion.join;

import java.util.ArrayList;
import java.util.List;

/** What one transition led to, besides the changed state. */
public final class JoinOutcome {

  private final List<LabelFact> labels = new ArrayList<>(2);
  private final List<Refusal> refusals = new ArrayList<>(0);
  private boolean opened;
  private boolean openedLate;
  private int matched;
  private int duplicates;
  private int closed;

  /** Labels that became known, in the order to emit them. */
  public List<LabelFact> labels() {
    return labels;
  }

  /** Records that cannot be placed: the one at hand, or held ones. */
  public List<Refusal> refusals() {
    return refusals;
  }

  /** Whether the impression at hand is new and was opened; goes before its labels. */
  public boolean opened() {
    return opened;
  }

  /** Whether it came behind the watermark. */
  public boolean openedLate() {
    return openedLate;
  }

  /** Engagements that met their impression. */
  public int matched() {
    return matched;
  }

  /** Records that added nothing. */
  public int duplicates() {
    return duplicates;
  }

  /** Impressions whose window closed or whose user was forgotten. */
  public int closed() {
    return closed;
  }

  void open(boolean late) {
    opened = true;
    openedLate = late;
  }

  void match() {
    matched++;
  }

  void repeat() {
    duplicates++;
  }

  void close() {
    closed++;
  }

  /** Refuses the impression at hand. */
  void refuse(Refusal.Reason reason, String detail) {
    refusals.add(new Refusal(reason, detail, null));
  }

  /** Refuses an engagement, at hand or held. */
  void refuse(Engagement engagement, Refusal.Reason reason, String detail) {
    refusals.add(new Refusal(reason, detail, engagement));
  }

  /** Refuses an engagement for whose impression nobody waits any longer. */
  void refuseUnknown(Engagement engagement, long watermark) {
    refuse(
        engagement,
        Refusal.Reason.UNKNOWN_IMPRESSION,
        "impressionId: "
            + engagement.impressionId()
            + " - no such impression came until the watermark "
            + watermark
            + ", or its label window is closed for long");
  }

  /**
   * Refuses an engagement that its impression cannot take any longer.
   *
   * @param endMillis until when it could
   */
  void refuseLate(
      Engagement engagement, Refusal.Reason reason, OpenImpression impression, long endMillis) {
    refuse(
        engagement,
        reason,
        "eventTimeMillis: "
            + engagement.timeMillis()
            + " - its impression, shown at "
            + impression.timeMillis
            + (impression.clicked() ? ", clicked" : ", not clicked")
            + ", took it until "
            + endMillis
            + (engagement.timeMillis() <= endMillis ? ", but it came after that" : ""));
  }
}

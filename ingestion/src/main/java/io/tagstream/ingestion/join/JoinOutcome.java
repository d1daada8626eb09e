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
}

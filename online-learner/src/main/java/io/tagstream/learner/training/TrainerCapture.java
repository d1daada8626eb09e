package io.tagstream.learner.training;

import io.tagstream.learner.embedding.RowPage;
import java.util.List;

/**
 * The complete training state at a step. Taking it is cheap: pages are shared with the live table
 * until their next write, which copies.
 */
public final class TrainerCapture {
  private final byte[] header;
  private final List<RowPage> pages;

  public TrainerCapture(byte[] header, List<RowPage> pages) {
    this.header = header;
    this.pages = List.copyOf(pages);
  }

  /**
   * Versioned bytes: configuration digest, step, dense parameters with their moments, tag
   * vocabulary, the table's clock.
   */
  public byte[] header() {
    return header;
  }

  /** Embedding rows with accumulators and sightings, frozen. */
  public List<RowPage> pages() {
    return pages;
  }
}

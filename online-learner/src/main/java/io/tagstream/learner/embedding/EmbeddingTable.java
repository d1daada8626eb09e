package io.tagstream.learner.embedding;

/** Placeholder. */
public final class EmbeddingTable {
  private EmbeddingTable() {}
}

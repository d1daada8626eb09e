package io.tagstream.learner.scoring;

import java.util.List;

/**
 * Which experts serve which tags (MVKE figure 8).
 *
 * @param tags names, {@code T} of them, in the order in which they were first seen
 * @param outputs in their order
 */
public record TagGates(List<String> tags, List<OfOutput> outputs) {

  public TagGates {
    tags = List.copyOf(tags);
    outputs = List.copyOf(outputs);
  }

  /**
   * The gate of an output.
   *
   * @param name of the output
   * @param experts their numbers, {@code [m]}
   * @param weights {@code [T · m]}, each tag's sum to 1
   */
  @SuppressWarnings("ArrayRecordComponent") // read, never compared
  public record OfOutput(String name, int[] experts, float[] weights) {

    /** What an expert, by its place in {@link #experts}, counts for a tag. */
    public float weight(int tag, int expert) {
      return weights[tag * experts.length + expert];
    }
  }
}

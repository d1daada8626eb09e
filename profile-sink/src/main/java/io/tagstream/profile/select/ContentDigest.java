package io.tagstream.profile.select;

import io.tagstream.profile.ScoredTag;
import io.tagstream.profile.TaskRanking;
import java.util.List;
import net.openhft.hashing.LongHashFunction;

/**
 * 64-bit digest of a profile's tags and scores, for recognising repeats. It is published, so the
 * function and its seed never change.
 */
public final class ContentDigest {

  private static final LongHashFunction HASH = LongHashFunction.xx3(0x7072_6f66_696c_6573L);

  private ContentDigest() {}

  /** The digest of tasks, tags and scores, in their order. */
  public static long of(List<TaskRanking> rankings) {
    StringBuilder content = new StringBuilder(256);
    for (TaskRanking ranking : rankings) {
      // Lengths in front, so that no two contents read the same.
      append(content, ranking.task());
      content.append(ranking.tags().size()).append(':');
      for (ScoredTag tag : ranking.tags()) {
        append(content, tag.tag());
        content.append(Integer.toHexString(Float.floatToIntBits(tag.score()))).append(';');
      }
    }
    return HASH.hashChars(content);
  }

  private static void append(StringBuilder content, String text) {
    content.append(text.length()).append(':').append(text);
  }
}

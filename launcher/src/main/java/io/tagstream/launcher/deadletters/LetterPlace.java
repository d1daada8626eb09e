package io.tagstream.launcher.deadletters;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a dead letter lies.
 *
 * @param partition of the topic of dead letters
 * @param offset in it
 */
public record LetterPlace(int partition, long offset) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9}):(\\d{1,18})");

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static LetterPlace parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(text + " - must be PARTITION:OFFSET, such as 0:1234");
    }
    return new LetterPlace(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)));
  }

  @Override
  public String toString() {
    return partition + ":" + offset;
  }
}

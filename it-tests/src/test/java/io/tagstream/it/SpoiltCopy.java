package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A copy of some of the repository's files, for mistakes to be planted in. */
public final class SpoiltCopy {

  private SpoiltCopy() {}

  /**
   * Copies files and folders, and plants one mistake.
   *
   * @param root of the repository
   * @param copy where to
   * @param paths what is copied
   * @param file of these that gets the mistake
   * @param right what it says; the first time is meant
   * @param wrong what it says then
   */
  public static void plant(
      Path root, Path copy, List<String> paths, String file, String right, String wrong)
      throws IOException {
    for (String path : paths) {
      try (Stream<Path> all = Files.walk(root.resolve(path))) {
        for (Path from : all.filter(Files::isRegularFile).toList()) {
          Path to = copy.resolve(root.relativize(from));
          Files.createDirectories(to.getParent());
          Files.copy(from, to);
        }
      }
    }
    Path spoilt = copy.resolve(file);
    String text = Files.readString(spoilt);
    assertThat(text).contains(right);
    String first = Pattern.quote(right);
    Files.writeString(spoilt, text.replaceFirst(first, Matcher.quoteReplacement(wrong)));
  }
}

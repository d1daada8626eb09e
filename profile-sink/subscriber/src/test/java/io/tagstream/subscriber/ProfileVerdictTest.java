package io.tagstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.subscriber.ProfileVerdict.Mark;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileVerdictTest {

  /** Version and digest, separated by a slash; a dash where there is no profile. */
  @ParameterizedTest(name = "known {0}, incoming {1}: {2}")
  @CsvSource({
    "-,    1/7, CHANGE",
    "-,    -1/0, CHANGE",
    "-,    -,   REPEAT",
    "5/7,  -,   CHANGE",
    "5/7,  6/8, CHANGE",
    "5/7,  6/7, REPEAT",
    "5/7,  5/7, STALE",
    "5/7,  5/8, STALE",
    "5/7,  4/7, STALE",
    "5/7,  4/8, STALE",
    "-9223372036854775808/0, 9223372036854775807/1, CHANGE",
  })
  void isWhatTheRecordIs(String known, String incoming, ProfileVerdict verdict) {
    assertThat(ProfileVerdict.of(mark(known), mark(incoming))).isEqualTo(verdict);
  }

  private static Mark mark(String text) {
    if (text.equals("-")) {
      return null;
    }
    int slash = text.indexOf('/');
    return new Mark(
        Long.parseLong(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
  }
}

package io.tagstream.learner.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserRecordTest {

  @Test
  void layoutOfVersionOne() {
    UserRecord record = new UserRecord(1);
    record.stages().count(0, 0.5, 7);
    record.pseudoLabel(0, 0.25f);
    record.seen(9, 3, new int[] {2, 0}, new long[] {10, 11});
    record.scored(12);
    record.sweepAt(15);
    String hex =
        "0201" // version, tasks
            + "3ff8000000000000" // α 1.5
            + "3ff8000000000000" // β 1.5
            + "3ff0000000000000" // c 1
            + "0000000000000007" // newest counted label
            + "3e800000" // pseudo-label .25
            + "0000000000000009" // seen at
            + "000000000000000c" // scored at
            + "000000000000000f" // sweep at
            + "0000000000000003" // schema
            + "0002" // fields
            + "00020000" // ids per field
            + "000000000000000a000000000000000b";
    assertThat(HexFormat.of().formatHex(record.toBytes())).isEqualTo(hex);

    UserRecord read = UserRecord.fromBytes(HexFormat.of().parseHex(hex), 1);
    assertThat(read.toBytes()).isEqualTo(record.toBytes());
    assertThat(read.lengths()).containsExactly(2, 0);
    assertThat(read.ids()).containsExactly(10, 11);
    assertThat(read.pseudoLabel(0)).isEqualTo(0.25f);
    assertThat(read.seenAtMillis()).isEqualTo(9);
    assertThat(read.schemaVersion()).isEqualTo(3);
  }

  @Test
  void olderFieldsDoNotReplaceNewerOnes() {
    UserRecord record = new UserRecord(1);
    record.seen(9, 3, new int[] {1}, new long[] {10});
    record.seen(8, 3, new int[] {1}, new long[] {11});
    assertThat(record.ids()).containsExactly(10);
  }

  @Test
  void foreignBytesAreRefused() {
    byte[] good = new UserRecord(1).toBytes();
    byte[] otherVersion = good.clone();
    otherVersion[0] = 1;
    byte[] lying = good.clone();
    lying[lying.length - 1] = 1; // one field more than there are lengths for
    for (byte[] bad :
        List.of(
            otherVersion,
            lying,
            new byte[0],
            Arrays.copyOf(good, good.length - 1),
            Arrays.copyOf(good, good.length + 1),
            new UserRecord(2).toBytes())) {
      assertThatThrownBy(() -> UserRecord.fromBytes(bad, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("user record");
    }
  }
}

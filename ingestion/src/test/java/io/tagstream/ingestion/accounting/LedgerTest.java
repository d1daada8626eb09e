package io.tagstream.ingestion.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private static Ledger ledger() {
    Ledger ledger = new Ledger();
    for (int i = 0; i < 400; i++) {
      ledger.enter();
    }
    ledger.handOn();
    ledger.match(2);
    ledger.repeat(3);
    ledger.openMore(-4);
    ledger.close(5);
    ledger.refuse(6);
    return ledger;
  }

  @Test
  void whatIsInNoClassIsMissing() {
    Ledger ledger = ledger();
    assertThat(ledger.imbalance()).isEqualTo(400 - 1 - 2 - 3 + 4 - 5 - 6);
    ledger.close(ledger.imbalance());
    assertThat(ledger.imbalance()).isZero();
    assertThat(ledger)
        .hasToString(
            "entered 400 = handed on 1 + matched 2 + duplicate 3 + open -4 + closed 392"
                + " + dead-lettered 6 + missing 0");
  }

  @Test
  void goldenBytes() {
    String golden = "01" + "a006" + "02" + "04" + "06" + "07" + "0a" + "0c";
    assertThat(HexFormat.of().formatHex(ledger().encode())).isEqualTo(golden);
    Ledger read = Ledger.decode(HexFormat.of().parseHex(golden));
    assertThat(read).hasToString(ledger().toString());
    assertThatThrownBy(() -> Ledger.decode(HexFormat.of().parseHex(golden + "00")))
        .hasMessageContaining("accounting ledger")
        .hasMessageContaining("1 trailing");
    assertThatThrownBy(() -> Ledger.decode(HexFormat.of().parseHex("02" + golden.substring(2))))
        .hasMessageContaining("version 2");
  }

  @Test
  void subtasksAddUp() {
    Ledger sum = ledger();
    sum.merge(ledger());
    assertThat(sum.entered()).isEqualTo(800);
    assertThat(sum.imbalance()).isEqualTo(2 * ledger().imbalance());
    assertThat(sum.open()).isEqualTo(-8);
  }
}

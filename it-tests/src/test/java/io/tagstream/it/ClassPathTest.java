package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

/** What the launcher is started with. */
class ClassPathTest {

  /**
   * Flink brings a fork of RocksDB, and the subscriber the original, for services without Flink.
   */
  @Test
  void thereIsOneRocksDb() throws Exception {
    assertThat(
            Collections.list(getClass().getClassLoader().getResources("org/rocksdb/RocksDB.class")))
        .hasSize(1)
        .allMatch(url -> url.toString().contains("frocksdbjni"));
  }
}

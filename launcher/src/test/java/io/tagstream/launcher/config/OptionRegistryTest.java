package io.tagstream.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OptionRegistryTest {

  @Test
  void keysAreUniqueAndExplained() {
    assertThat(OptionRegistry.settings()).extracting(Setting::key).doesNotHaveDuplicates();
    assertThat(OptionRegistry.settings())
        .allSatisfy(setting -> assertThat(setting.summary()).as(setting.key()).endsWith("."));
    assertThat(OptionRegistry.settings())
        .allSatisfy(setting -> assertThat(setting.key()).matches("[a-z0-9-]+(\\.[a-z0-9-]+)*"));
  }

  @Test
  void everyDefaultFulfilsItsOwnRules() {
    OptionRegistry.settings().forEach(OptionRegistryTest::defaultIsValid);
  }

  private static <T> void defaultIsValid(Setting<T> setting) {
    assertThat(setting.rules())
        .as(setting.key())
        .allMatch(rule -> rule.holds().test(setting.option().defaultValue()));
  }

  /** The golden page holds every key, default and rule: a default never changes unnoticed. */
  @Test
  void referencePageIsTheGoldenOne() throws IOException {
    String page = ConfigReference.markdown();
    Files.writeString(Path.of("target", "SETTINGS.md"), page);
    assertThat(page)
        .as("when the change is meant, copy target/SETTINGS.md to the module's folder")
        .isEqualTo(Files.readString(Path.of("SETTINGS.md")));
  }

  @Test
  void nearestNameIsByEditDistance() {
    assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(NearestName.distance("", "abc")).isEqualTo(3);
    assertThat(NearestName.of("paralelism", java.util.List.of("parallelism", "interval")))
        .isEqualTo("parallelism");
    assertThat(NearestName.of("zzz", java.util.List.of("parallelism"))).isNull();
  }
}

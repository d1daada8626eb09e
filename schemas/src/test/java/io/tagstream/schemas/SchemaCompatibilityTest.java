package io.tagstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Topics outlive releases: today's reader reads what every released writer wrote, and the last
 * released reader reads what is written today.
 */
class SchemaCompatibilityTest {

  private static final Path RELEASED = Path.of("src/test/resources/released");

  @ParameterizedTest
  @EnumSource(Topic.class)
  void everyReleasedSchemaReadsAndIsRead(Topic topic) throws IOException {
    Path folder = RELEASED.resolve(topic.defaultName());
    assertThat(folder)
        .as(
            "the schemas of %s as released, one file per version; a new topic starts with 1.avsc",
            topic.defaultName())
        .isNotEmptyDirectory();
    try (Stream<Path> versions = Files.list(folder)) {
      for (Path version : versions.toList()) {
        Schema released = new Schema.Parser().parse(version.toFile());
        assertCompatible(topic.schema(), released, version + ": today's reader");
        assertCompatible(released, topic.schema(), version + ": its reader, today's writer");
      }
    }
  }

  private static void assertCompatible(Schema reader, Schema writer, String what) {
    SchemaCompatibility.SchemaPairCompatibility result =
        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    assertThat(result.getType())
        .as("%s%n%s", what, result.getResult().getIncompatibilities())
        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
  }
}

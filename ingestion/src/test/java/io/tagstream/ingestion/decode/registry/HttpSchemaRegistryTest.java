package io.tagstream.ingestion.decode.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpSchemaRegistryTest {

  private static final String POINT =
      "{\"type\": \"record\", \"name\": \"Point\", \"namespace\": \"a\", \"fields\":"
          + " [{\"name\": \"x\", \"type\": \"int\"}]}";
  private static final String LINE =
      "{\"type\": \"record\", \"name\": \"Line\", \"namespace\": \"a\", \"fields\":"
          + " [{\"name\": \"from\", \"type\": \"a.Point\"}]}";

  @TempDir private Path folder;
  @AutoClose private final RegistryServer server = new RegistryServer();

  @Test
  void aSchemaIsAskedForOnce() throws Exception {
    server.put(7, POINT);
    HttpSchemaRegistry registry = registry("");
    assertThat(registry.schema(7)).isEqualTo(new Schema.Parser().parse(POINT));
    assertThat(registry.schema(7)).isSameAs(registry.schema(7));
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  void referencesAreFollowed() throws Exception {
    server.putVersion("points-value", 2, 8, POINT);
    server.putWithReference(9, LINE, "a.Point", "points-value", 2);
    assertThat(registry("").schema(9).getField("from").schema().getName()).isEqualTo("Point");
  }

  @Test
  void anUnknownIdIsNotAskedForAgainAtOnce() {
    HttpSchemaRegistry registry = registry("");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> registry.schema(5))
          .isInstanceOf(UnknownSchemaException.class)
          .hasMessage("schema 5 is not known to " + server.url());
    }
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  void otherKindsOfSchemasAreUnknown() {
    server.putOfType(3, "PROTOBUF", "message A {}");
    server.put(4, "{\"type\": \"what\"}");
    HttpSchemaRegistry registry = registry("");
    assertThatThrownBy(() -> registry.schema(3)).hasMessageContaining("PROTOBUF");
    assertThatThrownBy(() -> registry.schema(4)).hasMessageContaining("is no Avro schema");
  }

  @Test
  void aBusyRegistryIsAskedAgain() throws Exception {
    server.put(7, POINT);
    server.fail(2);
    HttpSchemaRegistry patient =
        new HttpSchemaRegistry(new RegistryConfig(server.url(), "", Duration.ofMinutes(1)));
    assertThat(patient.schema(7).getName()).isEqualTo("Point");
    assertThat(server.requests()).isEqualTo(3);
  }

  @Test
  void anAbsentRegistryFailsAfterTheSettingsPatience() {
    server.close();
    assertThatThrownBy(() -> registry("").schema(7))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageStartingWith("schema-registry.url: " + server.url());
  }

  @Test
  void credentialsComeFromAFile() throws Exception {
    server.put(7, POINT);
    server.requireCredentials("bWU6c2VjcmV0");
    assertThatThrownBy(() -> registry("").schema(7)).hasMessageContaining("status 401");
    Path file = Files.writeString(folder.resolve("credentials"), "me:secret\n");
    assertThat(registry(file.toString()).schema(7).getName()).isEqualTo("Point");
    assertThatThrownBy(() -> registry(folder.resolve("none").toString()).schema(7))
        .hasMessageStartingWith("schema-registry.credentials-file: ");
  }

  private HttpSchemaRegistry registry(String credentialsFile) {
    return new HttpSchemaRegistry(
        new RegistryConfig(server.url() + "/", credentialsFile, Duration.ofSeconds(1)));
  }
}

package io.tagstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TopicReferenceTest {

  @Test
  void thePageIsThatOfTheSchemas() throws IOException {
    String page = TopicReference.markdown();
    Files.writeString(Path.of("target", "TOPICS.md"), page);
    assertThat(page)
        .as("when the change is meant, copy target/TOPICS.md to the module's folder")
        .isEqualTo(Files.readString(Path.of("TOPICS.md")));
  }

  @Test
  void everyTopicStandsThereWithItsFields() {
    String page = TopicReference.markdown();
    for (Topic topic : Topic.values()) {
      assertThat(page).contains("\n## " + topic.defaultName() + "\n");
      topic
          .schema()
          .getFields()
          .forEach(field -> assertThat(page).contains("| `" + field.name() + "` |"));
    }
    assertThat(page).contains("### FeatureBags").contains("One of `CLICK`");
  }
}

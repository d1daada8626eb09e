package io.tagstream.ingestion.decode.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.ingestion.decode.format.TopicFormat.Encoding;
import io.tagstream.ingestion.decode.mapping.RecordMapping;
import io.tagstream.ingestion.decode.registry.RegistryConfig;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.User;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFormatTest {

  private final RecordFormat format =
      new RecordFormats(
              new FormatsConfig(
                  Map.of(Topic.CLICKS, new TopicFormat(Encoding.JSON, RecordMapping.none())),
                  RegistryConfig.none()))
          .of(Topic.CLICKS);

  @Test
  void anObjectIsARecord() throws Exception {
    assertThat(
            format.decode(
                bytes(" {\"userId\": \"ü\", \"impressionId\": \"i\", \"eventTimeMillis\": 5}\n")))
        .isEqualTo(new Click("ü", "i", 5L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[]",
        "null",
        "17",
        "{}{}",
        "{\"userId\": \"u\", \"userId\": \"v\"}",
        "{\"userId\": NaN}",
        "{'userId': 1}",
        "\u0000\u0001"
      })
  void everythingElseIsUnreadable(String text) {
    refused(bytes(text), DeadLetterReason.UNREADABLE);
  }

  @Test
  void brokenUtf8IsUnreadable() {
    refused(new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'}, DeadLetterReason.UNREADABLE);
  }

  @Test
  void anObjectWithoutTheFieldsIsUnmappable() {
    refused(bytes("{}"), DeadLetterReason.UNMAPPABLE);
  }

  @Test
  void deepAndLongInputIsUnreadable() {
    refused(bytes("{\"a\":".repeat(100_000)), DeadLetterReason.UNREADABLE);
    refused(bytes("{\"a\":" + "9".repeat(100_000) + "}"), DeadLetterReason.UNREADABLE);
  }

  @Test
  void aCanonicalValueIsReadToo() throws Exception {
    Click click = new Click("u", "i", 5L);
    byte[] value = new SingleObjectCodec<>(Click.class).encode(click);
    assertThat(format.decode(value)).isEqualTo(click);
    byte[] other = new SingleObjectCodec<>(User.class).encode(new User("u", 5L, Map.of()));
    refused(other, DeadLetterReason.UNREADABLE);
    refused(Arrays.copyOf(value, value.length - 1), DeadLetterReason.UNREADABLE);
  }

  @Test
  void halfACharacterIsNoText() throws Exception {
    String json = "{\"userId\":\"%s\",\"impressionId\":\"i\",\"eventTimeMillis\":1}";
    for (String half : List.of("\\ud800", "u\\udc00", "\\ud800\\ud800", "\\udc00\\ud800")) {
      refused(bytes(json.formatted(half)), DeadLetterReason.UNMAPPABLE);
    }
    assertThat(((Click) format.decode(bytes(json.formatted("\\ud83d\\ude00")))).getUserId())
        .isEqualTo("😀");
  }

  private void refused(byte[] value, DeadLetterReason reason) {
    assertThatThrownBy(() -> format.decode(value))
        .isInstanceOfSatisfying(
            UnreadableRecordException.class,
            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

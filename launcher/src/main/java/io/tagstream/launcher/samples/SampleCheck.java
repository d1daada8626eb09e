package io.tagstream.launcher.samples;

import io.tagstream.ingestion.decode.RecordDecoder;
import io.tagstream.ingestion.decode.format.FormatsConfig;
import io.tagstream.ingestion.decode.format.RecordFormats;
import io.tagstream.ingestion.decode.format.TopicFormat;
import io.tagstream.ingestion.decode.format.TopicFormat.Encoding;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Topic;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Puts a file's values through the decoder, as if they had just been appended to a topic. */
public final class SampleCheck {

  /** The id that a container's schema has for as long as it is looked at. */
  private static final int SCHEMA_ID = 1;

  private final TagstreamConfig config;
  private final Topic topic;

  /** A check of one topic's records. */
  public SampleCheck(TagstreamConfig config, Topic topic) {
    this.config = config;
    this.topic = topic;
  }

  /**
   * Decodes every value; each one's offset is its place in the file, from 0.
   *
   * @param nowMillis when they are taken to have been appended
   */
  public void run(SampleFile file, long nowMillis, Consumer<InputRecord> out) {
    RecordDecoder decoder = RecordDecoder.of(config.ingestion(), formats(file.schema()));
    for (int i = 0; i < file.values().size(); i++) {
      byte[] value = file.values().get(i);
      out.accept(
          decoder.decode(
              config.topics().name(topic),
              0,
              i,
              nowMillis,
              null,
              file.schema() == null ? value : framed(value),
              List.of()));
    }
  }

  /** A container brings its schema along: its values are read as if a registry knew it. */
  private RecordFormats formats(@Nullable Schema schema) {
    if (schema == null) {
      return new RecordFormats(config.formats());
    }
    TopicFormat format =
        new TopicFormat(Encoding.AVRO_REGISTRY, config.formats().of(topic).mapping());
    return new RecordFormats(
        new FormatsConfig(Map.of(topic, format), config.formats().registry()), id -> schema);
  }

  private static byte[] framed(byte[] body) {
    return ByteBuffer.allocate(1 + Integer.BYTES + body.length)
        .put((byte) 0)
        .putInt(SCHEMA_ID)
        .put(body)
        .array();
  }
}

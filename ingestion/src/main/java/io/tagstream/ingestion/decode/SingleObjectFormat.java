package io.tagstream.ingestion.decode;

import io.tagstream.schemas.Topic;
import io.tagstream.schemas.codec.MalformedRecordException;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.util.EnumMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** Avro single-object encoding with the topic's canonical schema. */
public final class SingleObjectFormat implements RecordFormat {

  private transient @Nullable Map<Topic, SingleObjectCodec<? extends SpecificRecordBase>> codecs;

  @Override
  public SpecificRecordBase decode(Topic topic, byte[] value) throws MalformedRecordException {
    Map<Topic, SingleObjectCodec<? extends SpecificRecordBase>> byTopic = codecs;
    if (byTopic == null) { // first use, or just deserialized
      byTopic = new EnumMap<>(Topic.class);
      codecs = byTopic;
    }
    SingleObjectCodec<? extends SpecificRecordBase> codec = byTopic.get(topic);
    if (codec == null) {
      codec = new SingleObjectCodec<>(topic.recordClass());
      byTopic.put(topic, codec);
    }
    return codec.decode(value);
  }
}

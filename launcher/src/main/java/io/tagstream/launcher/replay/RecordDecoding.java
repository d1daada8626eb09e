package io.tagstream.launcher.replay;

import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.ingestion.decode.RecordDecoder;
import io.tagstream.ingestion.decode.format.FormatsConfig;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.recordfile.RecordFile;
import io.tagstream.schemas.Topic;
import java.io.Serializable;

/**
 * How records of files are decoded: by the rules and mappings of the topics.
 *
 * @param ingestion names of the topics, and the rules
 * @param formats formats and mappings
 */
record RecordDecoding(IngestionConfig ingestion, FormatsConfig formats) implements Serializable {

  static RecordDecoding of(TagstreamConfig config) {
    return new RecordDecoding(config.ingestion(), config.formats());
  }

  /** A decoder for the records of a file. */
  RecordDecoder decoder(RecordFile file, Topic topic) {
    return RecordDecoder.of(ingestion, file.formats(topic, formats));
  }

  /** The topic's name in this deployment. */
  String name(Topic topic) {
    return ingestion.topics().entrySet().stream()
        .filter(each -> each.getValue() == topic)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(topic + " - is not read"))
        .getKey();
  }
}

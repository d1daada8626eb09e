package io.tagstream.ingestion.decode.format;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tagstream.ingestion.decode.mapping.RecordMapper;
import io.tagstream.ingestion.decode.mapping.UnmappableRecordException;
import io.tagstream.schemas.DeadLetterReason;
import java.io.IOException;
import org.apache.avro.specific.SpecificRecordBase;

/** One JSON object per record, in UTF-8, mapped to the canonical one. */
final class JsonFormat implements RecordFormat {

  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build()
          .reader();

  private final RecordMapper mapper;

  JsonFormat(RecordMapper mapper) {
    this.mapper = mapper;
  }

  @Override
  public SpecificRecordBase decode(byte[] value) throws UnreadableRecordException {
    JsonNode tree;
    try {
      tree = READER.readTree(value);
    } catch (IOException e) {
      String what =
          e.getMessage() == null ? e.toString() : e.getMessage().lines().findFirst().orElse("");
      throw new UnreadableRecordException(DeadLetterReason.UNREADABLE, "is no JSON: " + what);
    }
    if (!tree.isObject()) {
      throw new UnreadableRecordException(
          DeadLetterReason.UNREADABLE, "is no JSON object but " + tree.getNodeType());
    }
    try {
      return mapper.map(tree);
    } catch (UnmappableRecordException e) {
      throw new UnreadableRecordException(DeadLetterReason.UNMAPPABLE, e);
    }
  }
}

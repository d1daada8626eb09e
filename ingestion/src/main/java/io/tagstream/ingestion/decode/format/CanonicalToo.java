package io.tagstream.ingestion.decode.format;

import org.apache.avro.specific.SpecificRecordBase;

/**
 * Another format, and canonical single objects beside it: what a stage refused after it was decoded
 * is so in its dead letter, and can be sent again to the topic it came from. No JSON and no
 * registry's header begins as they do.
 */
final class CanonicalToo implements RecordFormat {

  private final SingleObjectFormat canonical;
  private final RecordFormat format;

  CanonicalToo(SingleObjectFormat canonical, RecordFormat format) {
    this.canonical = canonical;
    this.format = format;
  }

  @Override
  public SpecificRecordBase decode(byte[] value) throws UnreadableRecordException {
    return canonical.begins(value) ? canonical.decode(value) : format.decode(value);
  }
}

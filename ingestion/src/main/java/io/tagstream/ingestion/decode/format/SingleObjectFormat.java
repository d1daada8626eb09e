package io.tagstream.ingestion.decode.format;

import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.codec.MalformedRecordException;
import io.tagstream.schemas.codec.SingleObjectCodec;
import org.apache.avro.specific.SpecificRecordBase;

/** Avro single-object encoding with the canonical schema. */
final class SingleObjectFormat implements RecordFormat {

  private final SingleObjectCodec<? extends SpecificRecordBase> codec;

  SingleObjectFormat(Class<? extends SpecificRecordBase> recordClass) {
    this.codec = new SingleObjectCodec<>(recordClass);
  }

  /** Whether these bytes begin as such a record does. */
  boolean begins(byte[] value) {
    return codec.begins(value);
  }

  @Override
  public SpecificRecordBase decode(byte[] value) throws UnreadableRecordException {
    try {
      return codec.decode(value);
    } catch (MalformedRecordException e) {
      throw new UnreadableRecordException(DeadLetterReason.UNREADABLE, e);
    }
  }
}

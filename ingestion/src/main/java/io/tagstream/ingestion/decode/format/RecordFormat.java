package io.tagstream.ingestion.decode.format;

import org.apache.avro.specific.SpecificRecordBase;

/** The wire format of one topic's values. Not thread-safe. */
public interface RecordFormat {

  /**
   * The record in these bytes.
   *
   * @param value the untouched bytes; not kept, not changed
   * @throws UnreadableRecordException for any bytes that are no such record; nothing else is thrown
   *     for data
   */
  SpecificRecordBase decode(byte[] value) throws UnreadableRecordException;
}

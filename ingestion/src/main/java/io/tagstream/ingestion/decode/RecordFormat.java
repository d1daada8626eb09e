package io.tagstream.ingestion.decode;

import io.tagstream.schemas.Topic;
import io.tagstream.schemas.codec.MalformedRecordException;
import java.io.Serializable;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * A wire format of values. Avro single-object encoding is the one there is; registry-framed Avro
 * and JSON with a mapping enter here.
 *
 * <p>Not thread-safe; serialized with the decoder, so buffers and codecs are transient.
 */
public interface RecordFormat extends Serializable {

  /**
   * The record of a topic in these bytes.
   *
   * @param topic what the bytes should hold; the result is of its record class
   * @param value the untouched bytes; not kept, not changed
   * @throws MalformedRecordException for any bytes that are no such record; nothing else is thrown
   */
  SpecificRecordBase decode(Topic topic, byte[] value) throws MalformedRecordException;
}

package io.tagstream.ingestion.decode.registry;

/** An id without an Avro schema. */
public final class UnknownSchemaException extends Exception {

  UnknownSchemaException(String message) {
    super(message);
  }
}

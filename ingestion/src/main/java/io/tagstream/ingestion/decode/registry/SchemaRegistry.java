package io.tagstream.ingestion.decode.registry;

import org.apache.avro.Schema;

/** Knows the schemas that values were written with. */
public interface SchemaRegistry {

  /**
   * The schema of an id.
   *
   * @throws UnknownSchemaException when there is none, or it is no Avro schema
   * @throws RegistryUnavailableException when nobody could be asked, after several attempts
   */
  Schema schema(int id) throws UnknownSchemaException;
}

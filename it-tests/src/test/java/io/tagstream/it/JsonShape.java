package io.tagstream.it;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tagstream.schemas.Topic;
import org.apache.avro.specific.SpecificRecordBase;

/** How the records of a deployment look as JSON. */
interface JsonShape {

  /** Settings of the mapping, as YAML. */
  String mapping();

  /** A record as an object. */
  ObjectNode tree(Topic topic, SpecificRecordBase record);

  /** Where a canonical field is, names with dots between. */
  String path(Topic topic, String field);
}

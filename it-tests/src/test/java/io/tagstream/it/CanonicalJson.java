package io.tagstream.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tagstream.schemas.Topic;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;

/** The canonical field names; no mapping. */
final class CanonicalJson implements JsonShape {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String mapping() {
    return "";
  }

  @Override
  public ObjectNode tree(Topic topic, SpecificRecordBase record) {
    ObjectNode tree = JSON.createObjectNode();
    for (Schema.Field field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      if (value != null) {
        tree.set(field.name(), JSON.valueToTree(value));
      }
    }
    return tree;
  }

  @Override
  public String path(Topic topic, String field) {
    return field;
  }
}

package io.tagstream.ingestion.decode.mapping;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The rules by canonical field for the records of one topic. A field without a rule comes from a
 * field of its own name.
 *
 * @param rules by the canonical record's field names
 */
public record RecordMapping(Map<String, FieldRule> rules) implements Serializable {

  public RecordMapping {
    rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
  }

  /** Records that are canonical already. */
  public static RecordMapping none() {
    return new RecordMapping(Map.of());
  }

  /** Whether no rule is given. */
  public boolean isEmpty() {
    return rules.isEmpty();
  }
}

package io.tagstream.launcher.world;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names a source's events use, so that a run can configure its tasks and features from them.
 *
 * @param entities entity kinds of its items
 * @param targetEntity the one among them that profiles are for
 * @param conversionTypes types of its conversions that speak for an interest: the default positives
 *     of the conversion task
 * @param otherConversionTypes further types that occur
 * @param userAttributes attribute names of its {@code User} records
 * @param contextFields context names of its impressions
 * @param privilegedFields privileged names of its impressions
 */
public record SourceFields(
    Set<String> entities,
    String targetEntity,
    Set<String> conversionTypes,
    Set<String> otherConversionTypes,
    List<String> userAttributes,
    List<String> contextFields,
    List<String> privilegedFields) {

  public SourceFields {
    entities = Set.copyOf(entities);
    conversionTypes = Set.copyOf(conversionTypes);
    otherConversionTypes = Set.copyOf(otherConversionTypes);
    userAttributes = List.copyOf(userAttributes);
    contextFields = List.copyOf(contextFields);
    privilegedFields = List.copyOf(privilegedFields);
  }

  /** The settings of a job that reads the source's events, as YAML. */
  public String settings() {
    return """
        impressions.entities: %s
        tasks: {click: click, stay: stay, conversion: 'conversion(%s)'}
        features.user-attributes: %s
        features.context: %s
        features.privileged: %s
        features.clicked: %s
        model.mkt.target-entity: '%s'
        """
        .formatted(
            list(entities),
            String.join(", ", new TreeSet<>(conversionTypes)),
            list(userAttributes),
            list(contextFields),
            list(privilegedFields),
            list(privilegedFields),
            targetEntity);
  }

  private static String list(Collection<String> values) {
    return values.isEmpty() ? "[]" : "['" + String.join("', '", values) + "']";
  }
}

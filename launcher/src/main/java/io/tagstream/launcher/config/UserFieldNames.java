package io.tagstream.launcher.config;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.snapshot.FeatureSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields a model reads, as settings name them: a user field by its name in the feature schema,
 * the tag behind them as {@code tag}, or either by its number from 0.
 *
 * @param names of user fields, in order
 */
record UserFieldNames(List<String> names) {

  private static final String TAG = "tag";

  static UserFieldNames of(FeaturesConfig features) {
    return new UserFieldNames(
        FeatureSchema.of(features).fields().stream().map(FeatureSchema.Field::name).toList());
  }

  /** {@code F}. */
  int count() {
    return names.size();
  }

  /**
   * A field's number from 0. Numbers are taken as they are: data without a feature schema has other
   * fields.
   *
   * @throws IllegalArgumentException when no field has this name
   */
  int number(String key, String field) {
    if (field.matches("\\d{1,9}")) {
      return Integer.parseInt(field);
    }
    int number = field.equals(TAG) ? names.size() : names.indexOf(field);
    if (number < 0) {
      @Nullable String nearest = NearestName.of(field, names);
      throw new IllegalArgumentException(
          "%s: %s - must be a user field%s"
              .formatted(
                  key,
                  field,
                  nearest == null
                      ? ", one of " + names + ", or its number from 0"
                      : "; did you mean " + nearest + "?"));
    }
    return number;
  }
}

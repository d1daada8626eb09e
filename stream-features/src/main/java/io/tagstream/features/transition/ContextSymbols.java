package io.tagstream.features.transition;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.record.OpenImpression;
import io.tagstream.features.record.UserRecord;
import io.tagstream.features.snapshot.FeatureSchema;
import io.tagstream.schemas.FeatureIds;
import io.tagstream.schemas.Opened;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the named values of impressions and users into symbols, in the order of the schema. */
final class ContextSymbols {

  private final String[] attributes;
  private final String[] privileged;
  private final String[] context;

  ContextSymbols(FeaturesConfig config) {
    this.attributes = config.fields().userAttributes().toArray(new String[0]);
    this.privileged = config.fields().privileged().toArray(new String[0]);
    this.context = config.fields().context().toArray(new String[0]);
  }

  void fill(Opened opened, UserRecord record, OpenImpression impression) {
    int[] fields = impression.privileged();
    for (int p = 0; p < privileged.length; p++) {
      String value = opened.getPrivileged().get(privileged[p]);
      fields[p] =
          value == null ? 0 : record.symbol(FeatureSchema.privilegedId(privileged[p], value)) + 1;
    }
    int[] symbols = impression.context();
    symbols[0] = symbol(record, "scene", opened.getScene());
    symbols[1] = symbol(record, "entity", opened.getEntity());
    for (int c = 0; c < context.length; c++) {
      symbols[2 + c] = symbol(record, "context." + context[c], opened.getContext().get(context[c]));
    }
  }

  void attributes(Map<String, String> values, UserRecord record, int[] out) {
    for (int a = 0; a < attributes.length; a++) {
      out[a] = symbol(record, "user." + attributes[a], values.get(attributes[a]));
    }
  }

  private static int symbol(UserRecord record, String vocabulary, @Nullable String value) {
    return value == null ? 0 : record.symbol(FeatureIds.of(vocabulary, value)) + 1;
  }
}

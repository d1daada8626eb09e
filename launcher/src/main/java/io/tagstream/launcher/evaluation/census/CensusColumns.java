package io.tagstream.launcher.evaluation.census;

import java.util.List;
import java.util.Set;

/** The published table's columns, in their order; the file has no header. */
final class CensusColumns {

  static final List<String> NAMES =
      List.of(
          "age",
          "class of worker",
          "industry code",
          "occupation code",
          "education",
          "wage per hour",
          "enrolled in education",
          "marital status",
          "major industry",
          "major occupation",
          "race",
          "hispanic origin",
          "sex",
          "member of a labor union",
          "reason for unemployment",
          "full or part time",
          "capital gains",
          "capital losses",
          "dividends",
          "tax filer status",
          "region of previous residence",
          "state of previous residence",
          "household and family status",
          "household summary",
          "instance weight",
          "migration msa",
          "migration region",
          "migration within region",
          "lived here a year ago",
          "migration sunbelt",
          "persons worked for employer",
          "family members under 18",
          "birth country of father",
          "birth country of mother",
          "birth country",
          "citizenship",
          "own business",
          "veterans questionnaire",
          "veterans benefits",
          "weeks worked",
          "year",
          "income");

  static final String INCOME = "income";
  static final String MARITAL_STATUS = "marital status";
  static final String NEVER_MARRIED = "Never married";
  static final String ABOVE_50K = "50000+.";

  /** Labels, and the weight of the survey, are no features. */
  static final Set<String> NO_FEATURES = Set.of(INCOME, MARITAL_STATUS, "instance weight");

  /** Quantities, whose order means something. */
  static final Set<String> QUANTITIES =
      Set.of(
          "age", "wage per hour", "capital gains", "capital losses", "dividends", "weeks worked");

  static final List<String> FEATURES =
      NAMES.stream().filter(name -> !NO_FEATURES.contains(name)).toList();

  private CensusColumns() {}
}

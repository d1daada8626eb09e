package io.tagstream.launcher.evaluation.interactions;

import io.tagstream.launcher.evaluation.TagCounts;
import io.tagstream.schemas.FeatureIds;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A user's interactions in two: the older four fifths are known, the newer ones are to be told.
 *
 * @param id the user
 * @param history what is known, oldest first
 * @param samples what is to be told
 */
record SplitUser(String id, List<Interaction> history, List<Interaction> samples) {

  /** User fields: tags and privileged values clicked last and most, tags disliked, activity. */
  static final int FIELDS = 6;

  private static final int LAST = 30;
  private static final int MOST = 20;

  static SplitUser of(String id, List<Interaction> interactions) {
    int known = interactions.size() * 4 / 5;
    return new SplitUser(
        id,
        List.copyOf(interactions.subList(0, known)),
        List.copyOf(interactions.subList(known, interactions.size())));
  }

  /** Tags of positive samples: what a ranking is held against. */
  Set<String> truth() {
    Set<String> tags = new TreeSet<>();
    samples.stream().filter(Interaction::positive).forEach(each -> tags.addAll(each.tags()));
    return tags;
  }

  /** How often each tag stands at a liked item of the history. */
  TagCounts tagCounts() {
    TagCounts counts = new TagCounts();
    history.stream()
        .filter(Interaction::positive)
        .forEach(each -> each.tags().forEach(tag -> counts.add(tag, 1)));
    return counts;
  }

  /** The user's fields, each a bag of feature ids: {@code [FIELDS]}. */
  List<long[]> fields(String privilegedVocabulary) {
    List<String> tags = new ArrayList<>();
    List<String> privileged = new ArrayList<>();
    List<String> disliked = new ArrayList<>();
    for (Interaction each : history) {
      (each.positive() ? tags : disliked).addAll(each.tags());
      if (each.positive()) {
        privileged.addAll(each.privileged());
      }
    }
    int activity = 32 - Integer.numberOfLeadingZeros(history.size());
    return List.of(
        ids(FeatureIds.TAG_VOCABULARY, last(tags)),
        ids(FeatureIds.TAG_VOCABULARY, most(tags)),
        ids(privilegedVocabulary, last(privileged)),
        ids(privilegedVocabulary, most(privileged)),
        ids("disliked tag", most(disliked)),
        new long[] {FeatureIds.of("activity", String.valueOf(activity))});
  }

  private static long[] ids(String vocabulary, List<String> values) {
    LongArrayList ids = new LongArrayList();
    values.forEach(value -> ids.add(FeatureIds.of(vocabulary, value)));
    return ids.toLongArray();
  }

  /** The distinct values used last, newest first. */
  private static List<String> last(List<String> values) {
    Set<String> distinct = new LinkedHashSet<>();
    for (int n = values.size() - 1; n >= 0 && distinct.size() < LAST; n--) {
      distinct.add(values.get(n));
    }
    return List.copyOf(distinct);
  }

  /** The values used most, most frequent first. */
  private static List<String> most(List<String> values) {
    TagCounts counts = new TagCounts();
    values.forEach(value -> counts.add(value, 1));
    return counts.tags().stream().sorted(counts.byCount()).limit(MOST).toList();
  }
}

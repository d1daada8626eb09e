package io.tagstream.learner.scoring;

import io.tagstream.schemas.FeatureIds;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Tags seen in training, in order of first sight, up to a cap: what profiles rank. */
public final class TagVocabulary {

  private final int cap;
  private final List<String> names = new ArrayList<>();
  private final LongArrayList ids = new LongArrayList();
  private final Object2IntOpenHashMap<String> index = new Object2IntOpenHashMap<>();

  /**
   * An empty vocabulary.
   *
   * @param cap tags after the first so many are not taken in
   */
  public TagVocabulary(int cap) {
    this.cap = cap;
    index.defaultReturnValue(-1);
  }

  /** Takes tags in. */
  public void observe(List<String> tags) {
    for (String tag : tags) {
      if (names.size() < cap && index.putIfAbsent(tag, names.size()) < 0) {
        names.add(tag);
        ids.add(FeatureIds.ofTag(tag));
      }
    }
  }

  /** Number of tags. */
  public int size() {
    return names.size();
  }

  /** Index of a tag, or -1. */
  public int indexOf(String tag) {
    return index.getInt(tag);
  }

  /** Name of a tag. */
  public String name(int tag) {
    return names.get(tag);
  }

  /** Feature id of a tag. */
  public long id(int tag) {
    return ids.getLong(tag);
  }

  /** All names; a live view. */
  public List<String> names() {
    return Collections.unmodifiableList(names);
  }

  /** Replaces all tags, up to the cap. */
  public void restore(List<String> tags) {
    names.clear();
    ids.clear();
    index.clear();
    observe(tags);
  }
}

package io.tagstream.schemas;

import net.openhft.hashing.LongHashFunction;

/**
 * 64-bit feature ids: a stable hash of a field's vocabulary and a value in it. Embedding rows are
 * found by these ids, so the function and its seed never change.
 *
 * <p>Fields that mean the same thing share a vocabulary: a tag the user clicked and the tag of an
 * item have one id, and so one embedding row.
 */
public final class FeatureIds {

  /** Vocabulary of tags, shared by item tags and the user's clicked tags. */
  public static final String TAG_VOCABULARY = "tag";

  private static final LongHashFunction HASH = LongHashFunction.xx3(0x7461_6773_7472_656dL);

  private FeatureIds() {}

  /**
   * The id of a value in a vocabulary.
   *
   * @param vocabulary name of the vocabulary, usually the field's name
   * @param value the value in it
   */
  public static long of(String vocabulary, String value) {
    return HASH.hashChars(vocabulary + '\u001f' + value);
  }

  /** The id of a tag. */
  public static long ofTag(String tag) {
    return of(TAG_VOCABULARY, tag);
  }
}

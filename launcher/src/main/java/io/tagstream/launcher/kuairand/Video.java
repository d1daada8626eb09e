package io.tagstream.launcher.kuairand;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVRecord;

/**
 * What is known of a video.
 *
 * @param tags its tags, each once; may be empty
 * @param privileged author, music and video type
 */
record Video(List<String> tags, Map<String, String> privileged) {

  static final List<String> FIELDS = List.of("author", "music", "videoType");

  static final List<String> COLUMNS =
      List.of("video_id", "author_id", "music_id", "video_type", "tag");

  /** A video the table lacks. */
  static final Video UNKNOWN = new Video(List.of(), Map.of());

  static Video of(CSVRecord row) {
    List<String> tags =
        Arrays.stream(row.get("tag").split(",", -1))
            .map(String::strip)
            .filter(tag -> !tag.isEmpty())
            .distinct()
            .toList();
    Map<String, String> privileged = new LinkedHashMap<>();
    List<String> values = List.of(row.get("author_id"), row.get("music_id"), row.get("video_type"));
    for (int i = 0; i < FIELDS.size(); i++) {
      if (!values.get(i).isBlank()) {
        privileged.put(FIELDS.get(i), values.get(i).strip());
      }
    }
    return new Video(tags, Collections.unmodifiableMap(privileged));
  }
}

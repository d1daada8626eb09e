package io.tagstream.ingestion.decode.mapping;

import com.fasterxml.jackson.core.JsonPointer;

/** Paths as they are written in a configuration. */
final class Paths {

  private Paths() {}

  /**
   * The pointer to a path.
   *
   * @param path names with dots between them, or a JSON Pointer that begins with a slash
   * @throws IllegalArgumentException when it is neither; the message begins with the setting
   */
  static JsonPointer pointer(String setting, String path) {
    if (path.startsWith("/")) {
      return JsonPointer.compile(path);
    }
    StringBuilder pointer = new StringBuilder();
    for (String step : path.split("\\.", -1)) {
      if (step.isBlank()) {
        throw new IllegalArgumentException(
            setting
                + ": "
                + path
                + " - must be names with single dots between them, or begin with /");
      }
      pointer.append('/').append(step.replace("~", "~0").replace("/", "~1"));
    }
    // Compiled from text, a number is a list's index and a name at once.
    return JsonPointer.compile(pointer.toString());
  }
}

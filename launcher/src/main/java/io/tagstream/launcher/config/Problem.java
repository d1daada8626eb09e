package io.tagstream.launcher.config;

/**
 * One mistake in a configuration file.
 *
 * @param key the setting's dotted key; empty when the file as a whole is wrong
 * @param message what is wrong and what would be right
 */
public record Problem(String key, String message) {

  @Override
  public String toString() {
    return key.isEmpty() ? message : key + ": " + message;
  }
}

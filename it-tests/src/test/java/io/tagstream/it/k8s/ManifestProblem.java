package io.tagstream.it.k8s;

/**
 * One mistake in a manifest.
 *
 * @param manifest kind and name
 * @param field path of the field; empty when the manifest as a whole is wrong
 * @param rule which rule it breaks
 * @param message what is wrong, and what would be right
 */
record ManifestProblem(String manifest, String field, String rule, String message) {

  @Override
  public String toString() {
    return manifest + " " + field + ": " + message + " [" + rule + "]";
  }
}

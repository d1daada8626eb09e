package io.tagstream.ingestion.decode.registry;

import java.io.Serializable;
import java.time.Duration;

/**
 * Where schemas are.
 *
 * @param url of the registry ({@code schema-registry.url}); empty when none is used
 * @param credentialsFile holds {@code user:password} ({@code schema-registry.credentials-file});
 *     empty when none are needed
 * @param patience how long is asked again before the job fails ({@code schema-registry.patience})
 */
public record RegistryConfig(String url, String credentialsFile, Duration patience)
    implements Serializable {

  /** No registry. */
  public static RegistryConfig none() {
    return new RegistryConfig("", "", Duration.ofMinutes(1));
  }
}

package io.tagstream.ingestion.decode.registry;

import org.jspecify.annotations.Nullable;

/** The registry gave no answer for as long as was waited; no fault of the data. */
public final class RegistryUnavailableException extends RuntimeException {

  RegistryUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

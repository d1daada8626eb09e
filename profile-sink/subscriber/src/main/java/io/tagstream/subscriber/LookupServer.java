package io.tagstream.subscriber;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tagstream.schemas.UserTagProfile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Look-ups over HTTP: {@code GET /profiles/USER} and {@code GET /status}, answered in JSON.
 *
 * <p>The JDK's server writes head and body of an answer apart. Without {@code TCP_NODELAY} the
 * second waits for the first one's acknowledgement, which the other side delays by 40 ms.
 */
final class LookupServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LookupServer.class);
  private static final String NO_DELAY = "sun.net.httpserver.nodelay";
  private static final String PROFILES = "/profiles/";
  private static final int THREADS = 4;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int BROKEN = 500;
  private static final int UNAVAILABLE = 503;

  private final HttpServer server;
  private final ExecutorService threads;
  private final Function<String, Optional<UserTagProfile>> profiles;
  private final Supplier<SubscriberStatus> status;

  private record Answer(int code, String json) {

    static Answer error(int code, String message) {
      return of(code, Map.of("error", message));
    }

    static Answer of(int code, Object value) {
      try {
        return new Answer(code, JSON.writeValueAsString(value));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("cannot be written as JSON: " + value, e);
      }
    }
  }

  /**
   * Listens from now on.
   *
   * @param address port 0 takes a free one
   * @param profiles asked by several threads at once
   * @throws SubscriberException when the address cannot be listened on
   */
  LookupServer(
      InetSocketAddress address,
      Function<String, Optional<UserTagProfile>> profiles,
      Supplier<SubscriberStatus> status) {
    this.profiles = profiles;
    this.status = status;
    // Read once, when the JDK's server is first used in a process; who has set it knows why.
    if (System.getProperty(NO_DELAY) == null) {
      System.setProperty(NO_DELAY, "true");
    }
    try {
      server = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new SubscriberException(
          "lookups: %s - cannot be listened on: %s".formatted(address, e.getMessage()), e);
    }
    threads =
        Executors.newFixedThreadPool(
            THREADS,
            work -> {
              Thread thread = new Thread(work, "profile-lookups");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath());
      byte[] body = answer.json.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      if (answer.code == NOT_ALLOWED) {
        exchange.getResponseHeaders().set("Allow", "GET");
      }
      exchange.sendResponseHeaders(answer.code, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Answer answer(String method, String path) {
    if (!method.equals("GET")) {
      return Answer.error(NOT_ALLOWED, method + " - only GET is answered");
    }
    try {
      if (path.equals("/status")) {
        SubscriberStatus now = status.get();
        boolean works = now.state() != SubscriberStatus.State.FAILED;
        return Answer.of(works ? OK : UNAVAILABLE, now);
      }
      if (path.startsWith(PROFILES) && path.length() > PROFILES.length()) {
        return profile(decoded(path.substring(PROFILES.length())));
      }
      return Answer.error(NOT_FOUND, path + " - there are /profiles/USER and /status");
    } catch (IllegalArgumentException e) {
      return Answer.error(BAD_REQUEST, path + " - " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("a look-up failed", e);
      return Answer.error(BROKEN, String.valueOf(e.getMessage()));
    }
  }

  private Answer profile(String userId) {
    return profiles
        .apply(userId)
        .map(profile -> new Answer(OK, profile.toString()))
        .orElseGet(() -> Answer.error(NOT_FOUND, "no profile of user " + userId));
  }

  /** Percent-decoded; in a path, unlike in a form, a plus is a plus. */
  private static String decoded(String raw) {
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Ends at once: nobody waits for a look-up at a service that stops. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

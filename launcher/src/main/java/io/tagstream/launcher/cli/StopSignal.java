package io.tagstream.launcher.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ctrl-C and kill as a request to end cleanly, not as the end: the JVM's own shutdown would run the
 * hooks of Flink and its file system beside our clean stop. The second one ends at once.
 */
final class StopSignal {

  private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);

  /** What a shell reports of a process that Ctrl-C ended. */
  private static final int INTERRUPTED = 130;

  private final CountDownLatch requested = new CountDownLatch(1);

  private StopSignal() {}

  /** Takes the signals over for the rest of the process's life. */
  static StopSignal arm() {
    StopSignal stop = new StopSignal();
    List.of("INT", "TERM").forEach(stop::handle);
    return stop;
  }

  /** By reflection: the class is not part of Java SE, and a JVM without it still runs. */
  private void handle(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              StopSignal.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  request();
                  return null;
                }
                return switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(self);
                  case "equals" -> arguments != null && self == arguments[0];
                  default -> "StopSignal";
                };
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      Throwable why =
          e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
      LOG.info("signal {} keeps its default handling: {}", name, why.toString());
    }
  }

  private void request() {
    if (requested.getCount() == 0) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
    requested.countDown();
  }

  /** Whether the end was requested. */
  boolean requested() {
    return requested.getCount() == 0;
  }

  /** Waits; true when the end was requested. */
  boolean await(Duration time) throws InterruptedException {
    return requested.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }
}

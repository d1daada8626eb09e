package io.tagstream.it;

import io.tagstream.subscriber.ProfileSubscriber;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A service that uses profiles, to be killed: it writes whom it was told of, and stops at one. */
final class SubscriberProcess {

  /** As few records are stored together. */
  static final int BATCH = 20;

  private SubscriberProcess() {}

  /**
   * Follows until it is killed.
   *
   * @param arguments broker, topic, directory, the user at whom the listener does not return
   */
  public static void main(String[] arguments) {
    CountDownLatch never = new CountDownLatch(1);
    ProfileSubscriber.builder()
        .bootstrapServers(arguments[0])
        .clientProperties(Map.of("max.poll.records", String.valueOf(BATCH)))
        .topic(arguments[1])
        .directory(Path.of(arguments[2]))
        .onChange(
            change -> {
              System.out.println(change.userId());
              System.out.flush();
              if (change.userId().equals(arguments[3])) {
                never.await();
              }
            })
        .start();
  }
}

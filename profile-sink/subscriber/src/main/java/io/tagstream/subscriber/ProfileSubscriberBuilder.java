package io.tagstream.subscriber;

import io.tagstream.schemas.Topic;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link ProfileSubscriber}; two are required, all others have defaults. */
public final class ProfileSubscriberBuilder {

  private static final int MOST_PORT = 65_535;

  private @Nullable String bootstrapServers;
  private Map<String, String> clientProperties = Map.of();
  private String topic = Topic.USER_TAG_PROFILES.defaultName();
  private @Nullable Path directory;
  private StartFrom startFrom = StartFrom.BEGINNING;
  private @Nullable ProfileListener listener;
  private @Nullable InetSocketAddress lookups;
  private Duration topicCheck = Duration.ofSeconds(10);
  private long cacheBytes = 16 << 20;
  private long writeBufferBytes = 8 << 20;

  ProfileSubscriberBuilder() {}

  /** Brokers to connect to first, {@code host:port}, separated by commas; required. */
  public ProfileSubscriberBuilder bootstrapServers(String value) {
    bootstrapServers = value;
    return this;
  }

  /** Further Kafka client properties, such as {@code security.protocol}; none by default. */
  public ProfileSubscriberBuilder clientProperties(Map<String, String> value) {
    clientProperties = value;
    return this;
  }

  /** The topic of profiles; {@code user-tag-profiles} by default. */
  public ProfileSubscriberBuilder topic(String value) {
    topic = value;
    return this;
  }

  /** Where profiles and progress are kept, made when missing, one subscriber's own; required. */
  public ProfileSubscriberBuilder directory(Path value) {
    directory = value;
    return this;
  }

  /** Where the first start in the directory begins; {@link StartFrom#BEGINNING} by default. */
  public ProfileSubscriberBuilder startFrom(StartFrom value) {
    startFrom = value;
    return this;
  }

  /** Who is told of changes; nobody by default. */
  public ProfileSubscriberBuilder onChange(ProfileListener value) {
    listener = value;
    return this;
  }

  /** Answers HTTP look-ups at a port of loopback; 0 takes a free one. Off by default. */
  public ProfileSubscriberBuilder lookups(int port) {
    SubscriberConfig.require(
        port >= 0 && port <= MOST_PORT, "lookups", port, "must be a port, 0 to " + MOST_PORT);
    return lookups(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** The same at any address of this machine. Nobody is asked who he is: keep it private. */
  public ProfileSubscriberBuilder lookups(InetSocketAddress value) {
    lookups = value;
    return this;
  }

  /**
   * How often it looks whether the topic has new partitions and is the same one still, and whether
   * its broker answers; 10 s by default.
   */
  public ProfileSubscriberBuilder topicCheck(Duration value) {
    topicCheck = value;
    return this;
  }

  /** Native memory for what was looked up, in bytes; 16 MiB by default, at least one. */
  public ProfileSubscriberBuilder cacheBytes(long value) {
    cacheBytes = value;
    return this;
  }

  /** Native memory for what was not yet written to files, in bytes; twice 8 MiB by default. */
  public ProfileSubscriberBuilder writeBufferBytes(long value) {
    writeBufferBytes = value;
    return this;
  }

  SubscriberConfig config() {
    String servers = bootstrapServers;
    Path folder = directory;
    if (servers == null) {
      throw new IllegalArgumentException(
          "bootstrapServers: not set - must name a broker, host:port");
    }
    if (folder == null) {
      throw new IllegalArgumentException(
          "directory: not set - must be a folder for profiles and progress");
    }
    return new SubscriberConfig(
        servers,
        clientProperties,
        topic,
        folder,
        startFrom,
        listener,
        lookups,
        topicCheck,
        cacheBytes,
        writeBufferBytes);
  }

  /**
   * Opens the directory, looks at the topic and begins to follow it; waits for the broker's answer,
   * not for the profiles.
   *
   * @throws IllegalArgumentException when a setting is wrong; the message names it
   * @throws SubscriberException when the broker does not answer, the topic is missing or another
   *     one than the directory's, or the directory or the look-ups' address is in use
   */
  public ProfileSubscriber start() {
    return ProfileSubscriber.start(config());
  }
}

package io.tagstream.launcher.profiles;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.Topic;
import io.tagstream.subscriber.ProfileSubscriber;
import io.tagstream.subscriber.ProfileSubscriberBuilder;
import java.nio.file.Path;

/** Subscribers to the profiles of a deployment. */
public final class ProfileSubscription {

  private ProfileSubscription() {}

  /** A subscriber to be started, with the deployment's broker and topic. */
  public static ProfileSubscriberBuilder of(TagstreamConfig config, Path directory) {
    return ProfileSubscriber.builder()
        .bootstrapServers(config.kafka().bootstrapServers())
        .clientProperties(config.kafka().properties())
        .topic(config.topics().name(Topic.USER_TAG_PROFILES))
        .directory(directory);
  }
}

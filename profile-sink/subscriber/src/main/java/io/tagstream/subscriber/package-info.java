/**
 * The newest profile of every user, kept beside a service that uses it.
 *
 * <p>In: the topic of profiles. Out: changes as they come, look-ups in process and over HTTP.
 * {@link io.tagstream.subscriber.ProfileSubscriber} is the door; {@code ProfileVerdict} and {@code
 * PartitionProgress} decide and know neither Kafka nor RocksDB. Nothing of Flink may enter.
 */
@NullMarked
package io.tagstream.subscriber;

import org.jspecify.annotations.NullMarked;

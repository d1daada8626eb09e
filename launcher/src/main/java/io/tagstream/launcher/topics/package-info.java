/**
 * The topics Tagstream needs on a broker: what each should look like, what is there, what differs.
 *
 * <p>In: a configuration and Kafka's admin client. Out: topics created, or differences named; an
 * existing topic is never altered. Nothing of Flink may enter.
 */
@NullMarked
package io.tagstream.launcher.topics;

import org.jspecify.annotations.NullMarked;

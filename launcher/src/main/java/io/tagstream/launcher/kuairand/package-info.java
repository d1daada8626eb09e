/**
 * KuaiRand-Pure as a stream: a log of short-video impressions as published, read from its files.
 *
 * <p>In: a folder with the log, the user table and the video table. Out: the events of every row in
 * order of time, and a report that accounts for every row. Pure Java; nothing of Flink or Kafka may
 * enter.
 */
@NullMarked
package io.tagstream.launcher.kuairand;

import org.jspecify.annotations.NullMarked;

/**
 * Where the events of a run come from: a seeded world with known truth, or a log of the real one.
 *
 * <p>In: a configuration and a seed. Out: an ordered stream of events ready for their topics, and
 * the truth behind them for scoring. Pure Java on the records of {@link io.tagstream.schemas};
 * nothing of Flink or Kafka may enter, and no stage may see this package.
 */
@NullMarked
package io.tagstream.launcher.world;

import org.jspecify.annotations.NullMarked;

package io.tagstream.launcher.demo;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a demo does.
 *
 * @param duration how long events flow; null until it is stopped, or until the log ends
 * @param seed of the planted world and of the learner
 * @param model the network's name; null for the configured one
 * @param data folder of a known data set; null for the planted world
 * @param extraSettings further settings as YAML, above the demo's own; empty for none
 * @param users population of the planted world
 * @param eventsPerSecond mean rate of the planted world
 * @param reportInterval time between two reports
 */
public record DemoPlan(
    @Nullable Duration duration,
    long seed,
    @Nullable String model,
    @Nullable Path data,
    String extraSettings,
    int users,
    double eventsPerSecond,
    Duration reportInterval) {}

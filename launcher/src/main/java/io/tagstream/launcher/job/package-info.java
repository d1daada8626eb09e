/**
 * Builds the jobs: Kafka at the ends, the stages between, and a Flink cluster inside this process
 * to run them on.
 *
 * <p>In: a configuration. Out: a job graph, or a running job with its metrics. The only package
 * that knows all stages; no algorithm may enter.
 */
@NullMarked
package io.tagstream.launcher.job;

import org.jspecify.annotations.NullMarked;

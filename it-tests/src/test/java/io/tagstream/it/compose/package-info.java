/**
 * Whether {@code docker-compose.yml} is what those who read it understand: docker-compose, Flink,
 * Kafka, Prometheus, Grafana and Tagstream itself. No container is started.
 */
package io.tagstream.it.compose;

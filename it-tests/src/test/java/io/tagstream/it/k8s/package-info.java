/**
 * Whether the manifests of {@code k8s/} are what those who read them understand: Kubernetes,
 * Flink's operator, Flink, Strimzi, Prometheus' operator, and Tagstream itself.
 *
 * <p>In: what {@code kubectl kustomize} builds. Out: {@link io.tagstream.it.k8s.ManifestProblem}s.
 * No cluster is needed, and none is asked.
 */
package io.tagstream.it.k8s;

/**
 * Whether rules, alerts, dashboards, runbook and the page of metrics fit each other, and what a job
 * that runs shows: Prometheus itself looks at it.
 */
package io.tagstream.it.monitoring;

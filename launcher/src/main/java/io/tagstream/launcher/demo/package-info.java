/**
 * A whole system on one machine: broker, cluster, job, a source of events, and a report that grows
 * while it runs.
 *
 * <p>In: options and an {@code EventSource}. Out: reports, the last of them the summary. What
 * scores the profiles knows the truth; it reads what was published and is seen by no stage.
 */
@NullMarked
package io.tagstream.launcher.demo;

import org.jspecify.annotations.NullMarked;

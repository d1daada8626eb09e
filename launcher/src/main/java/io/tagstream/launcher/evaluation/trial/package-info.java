/**
 * Methods against each other on a data set: each is tried with several seeds, by one protocol.
 *
 * <p>In: a data set's protocol, methods, seeds, settings. Out: figures per trial, and their mean,
 * spread and best per method.
 */
@NullMarked
package io.tagstream.launcher.evaluation.trial;

import org.jspecify.annotations.NullMarked;

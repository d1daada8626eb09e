/**
 * Rolling label statistics of one user: in come labels with the time of their impression, out come
 * count and sum over the last 1, 7 and 30 days. Integers only; no clock, no I/O.
 */
@NullMarked
package io.tagstream.features.window;

import org.jspecify.annotations.NullMarked;

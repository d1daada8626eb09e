/**
 * What one user clicked: in come clicks with the item's tags and privileged values as symbols, out
 * come the last and the most clicked ones, and the clicked tag sets. Bounded; no clock, no I/O.
 */
@NullMarked
package io.tagstream.features.history;

import org.jspecify.annotations.NullMarked;

/**
 * The stay label: in comes the length of a stay in milliseconds, out comes its bin and a label in
 * [0, 1], between configured edges or between those that part the stays of the last weeks into bins
 * of equal numbers. Nothing that reads clocks or state may enter.
 */
@NullMarked
package io.tagstream.features.stay;

import org.jspecify.annotations.NullMarked;

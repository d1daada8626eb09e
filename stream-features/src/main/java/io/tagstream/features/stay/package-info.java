/**
 * The stay label: in comes the length of a stay in milliseconds, out comes its bin and a label in
 * [0, 1]. Nothing that reads time or state may enter.
 */
@NullMarked
package io.tagstream.features.stay;

import org.jspecify.annotations.NullMarked;

/**
 * Files of published data sets, as they come: plain or compressed tables.
 *
 * <p>In: a folder of the user's own download. Out: rows. Pure Java.
 */
@NullMarked
package io.tagstream.launcher.dataset;

import org.jspecify.annotations.NullMarked;

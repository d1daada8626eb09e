/**
 * What a configuration makes of a few of the user's own records.
 *
 * <p>In: a file of records and a configuration. Out: each record's canonical form, or why it has
 * none.
 */
@NullMarked
package io.tagstream.launcher.samples;

import org.jspecify.annotations.NullMarked;

/**
 * The archive: input topics as files, cut by append time, with a manifest of what they hold.
 *
 * <p>In: topics, on the way there; a folder, on the way back. Out: files of untouched records with
 * their offsets. Nothing of Flink may enter.
 */
@NullMarked
package io.tagstream.launcher.archive;

import org.jspecify.annotations.NullMarked;

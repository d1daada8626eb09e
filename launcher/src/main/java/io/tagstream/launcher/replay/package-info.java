/**
 * Files as a source of the job.
 *
 * <p>In: the files of an archive, or of the user's own. Out: decoded records, as Kafka's source
 * gives them, every partition in the order of its offsets.
 */
@NullMarked
package io.tagstream.launcher.replay;

import org.jspecify.annotations.NullMarked;

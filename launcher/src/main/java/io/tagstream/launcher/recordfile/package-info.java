/**
 * Records in files: Avro containers, JSON lines and CSV of the user's own, and the files of an
 * archive.
 *
 * <p>In: a path. Out: records as a topic would hold them, and how their values are to be decoded.
 * Nothing of Flink or of a broker may enter.
 */
@NullMarked
package io.tagstream.launcher.recordfile;

import org.jspecify.annotations.NullMarked;

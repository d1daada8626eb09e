package io.tagstream.launcher.recordfile;

import io.tagstream.schemas.RecordHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record as it lies in a file.
 *
 * @param number its offset in an archive; in any other file its place, from 0
 * @param appendTimeMillis when a broker appended it; without a broker, when the file was last
 *     changed. Milliseconds since the epoch
 * @param key null when it has none
 * @param value null for a tombstone
 * @param headers in order
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to the decoder; never compared
public record StoredRecord(
    long number,
    long appendTimeMillis,
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<RecordHeader> headers) {}

package io.tagstream.launcher.recordfile;

import io.tagstream.schemas.RecordHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Numbers the values of a file; should one be refused, its dead letter says where it stood. */
final class ValuePlaces {

  /** Header of records that come from a file: its name and the record's place in it, from 1. */
  private static final String HEADER = "tagstream-file";

  private final Path file;
  private final long changedMillis;
  private long number;

  ValuePlaces(Path file, long changedMillis) {
    this.file = file;
    this.changedMillis = changedMillis;
  }

  StoredRecord put(byte[] value) {
    long place = number++;
    byte[] name = (file + ":" + number).getBytes(StandardCharsets.UTF_8);
    return new StoredRecord(
        place,
        changedMillis,
        null,
        value,
        List.of(new RecordHeader(HEADER, ByteBuffer.wrap(name))));
  }

  IOException damaged(String what, Exception cause) {
    return new IOException(
        "%s - is a damaged %s: after record %d, %s".formatted(file, what, number, cause), cause);
  }
}

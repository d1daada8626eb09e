package io.tagstream.learner.snapshot;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A new file whose bytes are on disk once it is closed. */
final class DurableOutput extends FileOutputStream {

  DurableOutput(Path file) throws IOException {
    super(file.toFile());
  }

  @Override
  public void close() throws IOException {
    if (getChannel().isOpen()) {
      getChannel().force(true);
    }
    super.close();
  }

  /** Forces a folder's entries to disk, so that a rename in it survives a power cut. */
  static void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}

package io.tagstream.launcher.replay;

import io.tagstream.launcher.replay.PartitionLog.LogFile;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Splits in checkpoints. Version 1: UTF topic (default name), int partition, long next offset, int
 * number of files, and of each: UTF path, boolean archived, long first offset, long end offset.
 */
final class LogSplitSerializer implements SimpleVersionedSerializer<LogSplit> {

  private static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(LogSplit split) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    write(split, out);
    return out.getCopyOfBuffer();
  }

  @Override
  public LogSplit deserialize(int version, byte[] bytes) throws IOException {
    DataInputDeserializer in = input(version, bytes);
    LogSplit split = read(in);
    requireEnd(in);
    return split;
  }

  private static DataInputDeserializer input(int version, byte[] bytes) throws IOException {
    if (version != VERSION) {
      throw new IOException("replay split: version " + version + " - is not " + VERSION);
    }
    return new DataInputDeserializer(bytes);
  }

  private static void requireEnd(DataInputDeserializer in) throws IOException {
    if (in.available() > 0) {
      throw new IOException("replay split: " + in.available() + " bytes too many");
    }
  }

  private static void write(LogSplit split, DataOutputSerializer out) throws IOException {
    out.writeUTF(split.log().topic().defaultName());
    out.writeInt(split.log().partition());
    out.writeLong(split.nextOffset());
    out.writeInt(split.log().files().size());
    for (LogFile file : split.log().files()) {
      out.writeUTF(file.path());
      out.writeBoolean(file.archived());
      out.writeLong(file.firstOffset());
      out.writeLong(file.endOffset());
    }
  }

  private static LogSplit read(DataInputDeserializer in) throws IOException {
    String name = in.readUTF();
    Topic topic =
        Topic.inputs().stream()
            .filter(each -> each.defaultName().equals(name))
            .findFirst()
            .orElseThrow(() -> new IOException("replay split: topic " + name + " - is unknown"));
    int partition = in.readInt();
    long nextOffset = in.readLong();
    int count = in.readInt();
    List<LogFile> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add(new LogFile(in.readUTF(), in.readBoolean(), in.readLong(), in.readLong()));
    }
    return new LogSplit(new PartitionLog(topic, partition, files), nextOffset);
  }

  /** Several splits: int number, and each as above. */
  static final class OfLists implements SimpleVersionedSerializer<List<LogSplit>> {

    @Override
    public int getVersion() {
      return VERSION;
    }

    @Override
    public byte[] serialize(List<LogSplit> splits) throws IOException {
      DataOutputSerializer out = new DataOutputSerializer(256);
      out.writeInt(splits.size());
      for (LogSplit split : splits) {
        write(split, out);
      }
      return out.getCopyOfBuffer();
    }

    @Override
    public List<LogSplit> deserialize(int version, byte[] bytes) throws IOException {
      DataInputDeserializer in = input(version, bytes);
      int count = in.readInt();
      List<LogSplit> splits = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        splits.add(read(in));
      }
      requireEnd(in);
      return splits;
    }
  }
}

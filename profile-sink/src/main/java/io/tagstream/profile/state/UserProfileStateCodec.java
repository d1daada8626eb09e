package io.tagstream.profile.state;

import io.tagstream.profile.ProfileCause;
import io.tagstream.profile.ProfileContent;
import io.tagstream.profile.ScoredTag;
import io.tagstream.profile.StageValue;
import io.tagstream.profile.TaskRanking;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of {@link UserProfileState}, big-endian, version 1:
 *
 * <pre>
 * u8    layout version = 1
 * i64   version of the last profile or tombstone
 * u8    flags: 1 published, 2 pending
 * published: i64 intervalStartMillis, i64 digest, rankings
 * pending:   i64 dueMillis, i64 eventTimeMillis, text model, i64 modelStep, text stageName,
 *            size, stages { text task, f64 alpha, f64 beta, f64 count, u8 has, [f32 pseudoLabel] },
 *            rankings
 * size, causes { text emission, text impressionId, text itemId, size, tags { text },
 *                i64 eventTimeMillis, i64 appendTimeMillis }
 * rankings = size, { text task, size, { text tag, f32 score } }
 * text = size, UTF-8;  size = unsigned LEB128
 * </pre>
 *
 * Not thread-safe: the buffer is reused.
 */
public final class UserProfileStateCodec {

  private static final int LAYOUT = 1;
  private static final int PUBLISHED = 1;
  private static final int PENDING = 2;

  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(1024);

  /** The state as bytes. */
  public byte[] encode(UserProfileState state) {
    buffer.reset();
    try (DataOutputStream out = new DataOutputStream(buffer)) {
      out.writeByte(LAYOUT);
      out.writeLong(state.version());
      UserProfileState.Published published = state.published();
      UserProfileState.Pending pending = state.pending();
      out.writeByte((published == null ? 0 : PUBLISHED) | (pending == null ? 0 : PENDING));
      if (published != null) {
        out.writeLong(published.intervalStartMillis());
        out.writeLong(published.digest());
        writeRankings(out, published.rankings());
      }
      if (pending != null) {
        out.writeLong(pending.dueMillis());
        writeContent(out, pending.content());
      }
      writeSize(out, state.causes().size());
      for (ProfileCause cause : state.causes()) {
        writeCause(out, cause);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a byte array does not fail
    }
    return buffer.toByteArray();
  }

  /**
   * The state in these bytes.
   *
   * @throws IllegalStateException when the layout version is unknown, bytes are missing or left
   *     over
   */
  public UserProfileState decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int layout = in.readUnsignedByte();
      if (layout != LAYOUT) {
        throw new IllegalStateException(
            "profile state: layout "
                + layout
                + " - this release reads "
                + LAYOUT
                + "; restore with the release that wrote it");
      }
      long version = in.readLong();
      int flags = in.readUnsignedByte();
      if ((flags & ~(PUBLISHED | PENDING)) != 0) {
        throw new IllegalStateException("profile state: unknown flags " + flags);
      }
      UserProfileState.Published published =
          (flags & PUBLISHED) == 0
              ? null
              : new UserProfileState.Published(in.readLong(), in.readLong(), readRankings(in));
      UserProfileState.Pending pending =
          (flags & PENDING) == 0
              ? null
              : new UserProfileState.Pending(in.readLong(), readContent(in));
      int size = readSize(in);
      List<ProfileCause> causes = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        causes.add(readCause(in));
      }
      if (in.available() > 0) {
        throw new IllegalStateException(
            "profile state: " + in.available() + " bytes left over behind layout " + LAYOUT);
      }
      return new UserProfileState(version, published, pending, causes);
    } catch (IOException e) {
      throw new IllegalStateException(
          "profile state: " + bytes.length + " bytes end before the layout does", e);
    }
  }

  private static void writeContent(DataOutputStream out, ProfileContent content)
      throws IOException {
    out.writeLong(content.eventTimeMillis());
    writeText(out, content.model());
    out.writeLong(content.modelStep());
    writeText(out, content.stageName());
    writeSize(out, content.stages().size());
    for (StageValue stage : content.stages()) {
      writeText(out, stage.task());
      out.writeDouble(stage.alpha());
      out.writeDouble(stage.beta());
      out.writeDouble(stage.count());
      Float pseudoLabel = stage.pseudoLabel();
      out.writeBoolean(pseudoLabel != null);
      if (pseudoLabel != null) {
        out.writeFloat(pseudoLabel);
      }
    }
    writeRankings(out, content.rankings());
  }

  private static ProfileContent readContent(DataInputStream in) throws IOException {
    long eventTimeMillis = in.readLong();
    String model = readText(in);
    long modelStep = in.readLong();
    String stageName = readText(in);
    int size = readSize(in);
    List<StageValue> stages = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      stages.add(
          new StageValue(
              readText(in), in.readDouble(), in.readDouble(), in.readDouble(), readOptional(in)));
    }
    return new ProfileContent(
        eventTimeMillis, model, modelStep, stageName, stages, readRankings(in));
  }

  private static @Nullable Float readOptional(DataInputStream in) throws IOException {
    return in.readBoolean() ? in.readFloat() : null;
  }

  private static void writeCause(DataOutputStream out, ProfileCause cause) throws IOException {
    writeText(out, cause.emission());
    writeText(out, cause.impressionId());
    writeText(out, cause.itemId());
    writeSize(out, cause.tags().size());
    for (String tag : cause.tags()) {
      writeText(out, tag);
    }
    out.writeLong(cause.eventTimeMillis());
    out.writeLong(cause.appendTimeMillis());
  }

  private static ProfileCause readCause(DataInputStream in) throws IOException {
    String emission = readText(in);
    String impressionId = readText(in);
    String itemId = readText(in);
    int size = readSize(in);
    List<String> tags = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      tags.add(readText(in));
    }
    return new ProfileCause(emission, impressionId, itemId, tags, in.readLong(), in.readLong());
  }

  private static void writeRankings(DataOutputStream out, List<TaskRanking> rankings)
      throws IOException {
    writeSize(out, rankings.size());
    for (TaskRanking ranking : rankings) {
      writeText(out, ranking.task());
      writeSize(out, ranking.tags().size());
      for (ScoredTag tag : ranking.tags()) {
        writeText(out, tag.tag());
        out.writeFloat(tag.score());
      }
    }
  }

  private static List<TaskRanking> readRankings(DataInputStream in) throws IOException {
    int size = readSize(in);
    List<TaskRanking> rankings = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      String task = readText(in);
      int count = readSize(in);
      List<ScoredTag> tags = new ArrayList<>(count);
      for (int j = 0; j < count; j++) {
        tags.add(new ScoredTag(readText(in), in.readFloat()));
      }
      rankings.add(new TaskRanking(task, tags));
    }
    return rankings;
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    writeSize(out, bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    byte[] bytes = new byte[readSize(in)];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void writeSize(DataOutputStream out, int size) throws IOException {
    int rest = size;
    while (rest > 0x7F) {
      out.writeByte((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }

  /** A size never exceeds the bytes that are left, so damaged bytes cannot ask for the heap. */
  private static int readSize(DataInputStream in) throws IOException {
    int size = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      int next = in.readUnsignedByte();
      size |= (next & 0x7F) << shift;
      if (next <= 0x7F) {
        if (size < 0 || size > in.available()) {
          throw new IllegalStateException(
              "profile state: a size of " + size + " with " + in.available() + " bytes left");
        }
        return size;
      }
    }
    throw new IllegalStateException("profile state: a size longer than five bytes");
  }
}

package io.tagstream.learner.training;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.MktConfig;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.embedding.EmbeddingTable;
import io.tagstream.learner.frozen.FrozenCopy;
import io.tagstream.learner.model.Parameter;
import io.tagstream.learner.model.ParameterSet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of everything but rows. Layout, version 1, big-endian: {@code int version, utf
 * structure, long step, long attempts, int[3] table cursors, int parameters}, then per parameter
 * {@code utf name, int size, float[size] weights, float[size] first moments, float[size] second
 * moments}, then {@code int tags}, per tag {@code int length, byte[length] UTF-8 name}.
 *
 * <p>Version 2 is that of networks with a frozen copy; behind the tags stand {@code long swaps, int
 * parameters} and per copied parameter {@code utf name, int size, float[size] weights}.
 */
final class StateHeader {

  static final int VERSION = 1;
  static final int VERSION_WITH_COPY = 2;

  private StateHeader() {}

  /** What of a header is not written into live objects while reading. */
  record Position(
      long step, long attempts, EmbeddingTable.Cursors cursors, List<String> tags, long swaps) {}

  static byte[] write(
      String structure,
      long step,
      long attempts,
      EmbeddingTable.Cursors cursors,
      ParameterSet parameters,
      List<String> tags,
      @Nullable FrozenCopy copy) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(versionWith(copy));
      out.writeUTF(structure);
      out.writeLong(step);
      out.writeLong(attempts);
      out.writeInt(cursors.clockMinutes());
      out.writeInt(cursors.sweepRows());
      out.writeInt(cursors.sweepCandidates());
      out.writeInt(parameters.all().size());
      for (Parameter parameter : parameters.all()) {
        out.writeUTF(parameter.name());
        out.writeInt(parameter.size());
        out.write(bytesOf(parameter.values()));
        out.write(bytesOf(parameter.firstMoment()));
        out.write(bytesOf(parameter.secondMoment()));
      }
      out.writeInt(tags.size());
      for (String tag : tags) {
        byte[] name = tag.getBytes(StandardCharsets.UTF_8);
        out.writeInt(name.length);
        out.write(name);
      }
      if (copy != null) {
        writeCopy(copy, out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a header into the live parameters.
   *
   * @throws IllegalArgumentException when it is of another version or structure, or malformed
   */
  static Position read(
      byte[] header, String structure, ParameterSet parameters, @Nullable FrozenCopy copy) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(header))) {
      int version = in.readInt();
      check(
          version == VERSION || version == VERSION_WITH_COPY,
          "version " + version,
          "known are " + VERSION + " and " + VERSION_WITH_COPY);
      String written = in.readUTF();
      check(
          written.equals(structure),
          "taken with " + written,
          "configured is " + structure + "; restore with the same model settings, or start anew");
      check(
          version == versionWith(copy),
          "version " + version,
          "that of the configured network is " + versionWith(copy));
      long step = in.readLong();
      long attempts = in.readLong();
      EmbeddingTable.Cursors cursors =
          new EmbeddingTable.Cursors(in.readInt(), in.readInt(), in.readInt());
      int count = in.readInt();
      check(count == parameters.all().size(), count + " parameters", "the model has others");
      for (Parameter parameter : parameters.all()) {
        checkNext(parameter, in);
        readInto(in, parameter.values());
        readInto(in, parameter.firstMoment());
        readInto(in, parameter.secondMoment());
      }
      List<String> tags = readTags(in);
      long swaps = copy == null ? 0 : readCopy(copy, in);
      check(in.read() < 0, "trailing bytes", "expected none");
      return new Position(step, attempts, cursors, tags, swaps);
    } catch (IOException e) {
      throw new IllegalArgumentException("trainer state: ends too early or is malformed", e);
    }
  }

  private static int versionWith(@Nullable FrozenCopy copy) {
    return copy == null ? VERSION : VERSION_WITH_COPY;
  }

  private static void writeCopy(FrozenCopy copy, DataOutputStream out) throws IOException {
    out.writeLong(copy.swaps());
    out.writeInt(copy.parameters().size());
    for (Parameter parameter : copy.parameters()) {
      out.writeUTF(parameter.name());
      out.writeInt(parameter.size());
      out.write(bytesOf(parameter.values()));
    }
  }

  private static long readCopy(FrozenCopy copy, DataInputStream in) throws IOException {
    final long swaps = in.readLong();
    int count = in.readInt();
    check(count == copy.parameters().size(), count + " copied parameters", "the model has others");
    for (Parameter parameter : copy.parameters()) {
      checkNext(parameter, in);
      readInto(in, parameter.values());
    }
    return swaps;
  }

  private static void checkNext(Parameter parameter, DataInputStream in) throws IOException {
    String name = in.readUTF();
    int size = in.readInt();
    check(
        name.equals(parameter.name()) && size == parameter.size(),
        name + " of size " + size,
        "expected " + parameter);
  }

  /** What of the configuration decides the state's shape and meaning, in words that compare. */
  static String structure(LearnerConfig config) {
    StringBuilder text = new StringBuilder("tasks=");
    config.tasks().forEach(task -> text.append(task.name()).append(','));
    TreeMap<String, TreeSet<Integer>> experts = new TreeMap<>();
    config.model().experts().forEach((task, set) -> experts.put(task, new TreeSet<>(set)));
    return text.append(" fields=")
        .append(config.userFields())
        .append(" model=")
        .append(config.model().network().configName())
        .append(" d=")
        .append(config.model().dimension())
        .append(" hidden=")
        .append(config.model().hidden())
        .append(" experts=")
        .append(experts)
        .append(" fixedScale=")
        .append(config.model().fixedScale())
        .append(" ownTags=")
        .append(config.model().ownTags() ? "mixed" : "no")
        .append(" outputs=")
        .append(config.outputs().size())
        .append(" tagPrior=")
        .append(config.model().tagPrior())
        .append(" calibration=")
        .append(config.model().calibration())
        .append(" embedding=")
        .append(config.embedding().dimension())
        .append(ofNetwork(config))
        .toString();
  }

  /** What decides those of one family of networks alone. */
  private static String ofNetwork(LearnerConfig config) {
    return switch (config.model().network()) {
      case TWO_TOWER, MVKE, YOUTUBE, UTPM -> "";
      case SINGLE_TASK, SHARED_BOTTOM, MOE, MMOE, PLE, AITM -> " " + config.model().multiTask();
      case DTN -> " " + config.model().multiTask() + " " + config.model().dtn();
      case CTMVM -> mapping(config);
      case COMBINED -> interactions(config.model()) + mapping(config) + ofUsers(config.model());
      case MKT -> transfer(config);
      case CWTM -> " masking=" + config.model().cwtm().masking();
    };
  }

  private static String interactions(ModelConfig model) {
    return model.combined().units().isEmpty()
        ? " interactions=none"
        : " " + model.combined().units() + " " + model.dtn();
  }

  private static String ofUsers(ModelConfig model) {
    return model.combined().transfer()
        ? " transfer target=%s sharedExperts=%d"
            .formatted(model.mkt().targetEntity(), model.multiTask().sharedExperts())
        : "";
  }

  private static String mapping(LearnerConfig config) {
    ModelConfig.Ctmvm ctmvm = config.model().ctmvm();
    return switch (ctmvm.mapping()) {
      case NONE -> " mapping=NONE";
      case PKM, AMVM ->
          " privileged=%d mapping=%s views=%d supplementary=%s"
              .formatted(
                  config.privilegedFields(), ctmvm.mapping(), ctmvm.views(), ctmvm.supplementary());
    };
  }

  private static String transfer(LearnerConfig config) {
    MktConfig mkt = config.model().mkt();
    return " privileged=%d %s target=%s sequence=%d cross=%s alignment=%d"
        .formatted(
            config.privilegedFields(),
            config.model().multiTask(),
            mkt.targetEntity(),
            mkt.sequenceField(),
            mkt.cross(),
            mkt.alignment());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }

  private static List<String> readTags(DataInputStream in) throws IOException {
    int count = in.readInt();
    check(count >= 0, count + " tags", "must not be negative");
    List<String> tags = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = in.readInt();
      check(length >= 0 && length <= in.available(), "tag of " + length + " bytes", "too long");
      tags.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }
    return tags;
  }

  private static byte[] bytesOf(float[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  private static void readInto(DataInputStream in, float[] values) throws IOException {
    byte[] bytes = new byte[values.length * Float.BYTES];
    in.readFully(bytes);
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
  }

  private static void check(boolean holds, String found, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("trainer state: " + found + " - " + rule);
    }
  }
}

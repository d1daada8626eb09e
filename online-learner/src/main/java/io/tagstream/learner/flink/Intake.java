package io.tagstream.learner.flink;

import io.tagstream.schemas.Emission;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.codec.MalformedRecordException;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Samples and deletions on their way into a batch, as {@link LearnerInput}s.
 *
 * <p>`fast`: the batch in order of arrival. `deterministic`: a line in order of (knownAt,
 * impressionId, emission), released by the watermark; a deletion stands in it at its own time.
 * Deletions travel with the batch, so that they forget what was known before them and nothing else.
 */
final class Intake {

  private static final byte VERSION = 1;

  private static final Comparator<LearnerInput> ORDER =
      Comparator.comparingLong(Intake::knownAtMillis)
          .thenComparing(Intake::impressionId)
          .thenComparing(Intake::emission, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(LearnerInput::getUserId);

  private final boolean ordered;
  private final PriorityQueue<LearnerInput> line = new PriorityQueue<>(ORDER);
  private final List<LearnerInput> batch = new ArrayList<>();
  private int samplesInBatch;

  Intake(boolean ordered) {
    this.ordered = ordered;
  }

  /** Takes a sample or a deletion in. */
  void add(LearnerInput input) {
    if (ordered) {
      line.add(input);
    } else {
      addToBatch(input);
    }
  }

  /** Moves the first in line into the batch when it is due; says whether it did. */
  boolean release(long watermarkMillis) {
    LearnerInput first = line.peek();
    if (first == null || knownAtMillis(first) > watermarkMillis) {
      return false;
    }
    addToBatch(line.remove());
    return true;
  }

  private void addToBatch(LearnerInput input) {
    batch.add(input);
    samplesInBatch += input.getBody() instanceof TrainingSample ? 1 : 0;
  }

  /** Samples in the batch; deletions do not fill it. */
  int samplesInBatch() {
    return samplesInBatch;
  }

  /** Whether the batch holds anything. */
  boolean isBatchEmpty() {
    return batch.isEmpty();
  }

  /** Samples and deletions held, in line and in the batch. */
  int size() {
    return line.size() + batch.size();
  }

  /** The batch, which is then empty. */
  List<LearnerInput> takeBatch() {
    List<LearnerInput> taken = List.copyOf(batch);
    batch.clear();
    samplesInBatch = 0;
    return taken;
  }

  private static long knownAtMillis(LearnerInput input) {
    return input.getBody() instanceof TrainingSample sample
        ? sample.getKnownAtMillis()
        : ((UserDeletion) input.getBody()).getEventTimeMillis();
  }

  private static String impressionId(LearnerInput input) {
    return input.getBody() instanceof TrainingSample sample ? sample.getImpressionId() : "";
  }

  private static @Nullable Emission emission(LearnerInput input) {
    return input.getBody() instanceof TrainingSample sample ? sample.getEmission() : null;
  }

  /**
   * Everything held. Layout 1, big-endian: version (byte), entries in the batch (int), entries in
   * line (int), each entry a length (int) and a single-object {@link LearnerInput}; the line in its
   * order.
   */
  byte[] toBytes() {
    SingleObjectCodec<LearnerInput> codec = new SingleObjectCodec<>(LearnerInput.class);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeInt(batch.size());
      out.writeInt(line.size());
      List<LearnerInput> all = new ArrayList<>(batch);
      line.stream().sorted(ORDER).forEach(all::add);
      for (LearnerInput input : all) {
        byte[] encoded = codec.encode(input);
        out.writeInt(encoded.length);
        out.write(encoded);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a byte array does not fail
    }
    return bytes.toByteArray();
  }

  /**
   * Takes over what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException when version or lengths do not fit
   */
  void restore(byte[] bytes) {
    SingleObjectCodec<LearnerInput> codec = new SingleObjectCodec<>(LearnerInput.class);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      byte version = buffer.get();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "pending samples: version " + version + " - this release reads " + VERSION);
      }
      int inBatch = buffer.getInt();
      int inLine = buffer.getInt();
      for (int i = 0; i < inBatch + inLine; i++) {
        byte[] encoded = new byte[buffer.getInt()];
        buffer.get(encoded);
        LearnerInput input = codec.decode(encoded);
        if (i < inBatch || !ordered) {
          // `fast` continues what `deterministic` left: nothing waits for a watermark any more
          addToBatch(input);
        } else {
          line.add(input);
        }
      }
    } catch (BufferUnderflowException | NegativeArraySizeException | MalformedRecordException e) {
      throw new IllegalArgumentException("pending samples: cannot be read", e);
    }
    if (buffer.hasRemaining()) {
      throw new IllegalArgumentException(
          "pending samples: " + buffer.remaining() + " bytes left over behind the whole of them");
    }
  }
}

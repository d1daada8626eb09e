package io.tagstream.launcher.evaluation.stream;

import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.TrainingSample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * What the features made of a log, in the learner's deterministic order: by the time at which it
 * became known, then by name. What forgets users is left out; logs hold nothing of the kind. Kept
 * as bytes, a tenth of the objects' size.
 */
final class LearnerInputs {

  /** One input, encoded. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Encoded(long knownAtMillis, boolean sample, String name, byte[] bytes) {

    /** Requests behind the samples of their time: they ask for what those taught. */
    static final Comparator<Encoded> ORDER =
        Comparator.comparingLong(Encoded::knownAtMillis)
            .thenComparing(Encoded::sample, Comparator.reverseOrder())
            .thenComparing(Encoded::name);
  }

  private final List<Encoded> inputs = new ArrayList<>();
  private final SpecificDatumWriter<LearnerInput> writer =
      new SpecificDatumWriter<>(LearnerInput.class);

  /** Adds one; may be called by several threads. */
  synchronized void add(LearnerInput input) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try {
      writer.write(input, EncoderFactory.get().directBinaryEncoder(bytes, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (input.getBody() instanceof TrainingSample sample) {
      String name = sample.getImpressionId() + " " + sample.getEmission();
      inputs.add(new Encoded(sample.getKnownAtMillis(), true, name, bytes.toByteArray()));
    } else if (input.getBody() instanceof ScoreRequest request) {
      inputs.add(
          new Encoded(request.getEventTimeMillis(), false, input.getUserId(), bytes.toByteArray()));
    }
  }

  /** All of them have come. */
  synchronized void sort() {
    inputs.sort(Encoded.ORDER);
  }

  /** How many of them are training samples. */
  long samples() {
    return inputs.stream().filter(Encoded::sample).count();
  }

  int size() {
    return inputs.size();
  }

  /** When an input became known, event time in milliseconds since the epoch. */
  long knownAtMillis(int input) {
    return inputs.get(input).knownAtMillis();
  }

  /** One input. */
  LearnerInput get(int input) {
    try {
      return new SpecificDatumReader<>(LearnerInput.class)
          .read(null, DecoderFactory.get().binaryDecoder(inputs.get(input).bytes(), null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

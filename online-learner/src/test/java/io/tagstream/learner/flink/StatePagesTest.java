package io.tagstream.learner.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.learner.assembly.Samples;
import io.tagstream.learner.training.TrainerCapture;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.UserDeletion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class StatePagesTest {

  private final StatePageSerializer serializer = StatePageSerializer.INSTANCE;

  @Test
  void layoutOfAPieceInVersionOne() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(16);
    serializer.serialize(new StatePage.Piece(3, 1, new byte[] {7, 8}), out);
    assertThat(HexFormat.of().formatHex(out.getCopyOfBuffer()))
        .isEqualTo("01" + "02" + "00000003" + "00000001" + "00000002" + "0708");
  }

  @Test
  void copyIsThePageItself() {
    StatePage page = new StatePage.Piece(1, 0, new byte[3]);
    assertThat(serializer.copy(page)).isSameAs(page);
    assertThat(serializer.isImmutableType()).isTrue();
  }

  @Test
  void unknownVersionsAndKindsAreRefused() {
    assertThatThrownBy(() -> read("0202")).hasMessageContaining("page version 2");
    assertThatThrownBy(() -> read("0107")).hasMessageContaining("page kind 7");
    assertThatThrownBy(() -> read("0102" + "00000001" + "00000000" + "7fffffff"))
        .hasMessageContaining("piece of 2147483647 bytes");
  }

  @Test
  void stateComesBackWhateverTheOrderOfItsPages() {
    byte[] large = new byte[StatePage.PIECE_BYTES * 2 + 5];
    new Random(1).nextBytes(large);
    LearnerState state =
        new LearnerState(
            new TrainerCapture(new byte[] {1}, List.of()),
            large,
            new byte[0],
            new byte[] {3},
            new byte[] {5},
            new byte[] {4},
            Arrays.copyOf(large, StatePage.PIECE_BYTES));
    List<StatePage> pages = new ArrayList<>(state.toPages());
    Collections.shuffle(pages, new Random(2));
    LearnerState read = LearnerState.fromPages(pages);
    assertThat(read.capture().header()).containsExactly(1);
    assertThat(read.validation()).isEqualTo(large);
    assertThat(read.weigher()).isEmpty();
    assertThat(read.namer()).containsExactly(3);
    assertThat(read.counters()).containsExactly(4);
    assertThat(read.pending()).hasSize(StatePage.PIECE_BYTES);

    pages.remove(0);
    assertThatThrownBy(() -> LearnerState.fromPages(pages))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("parallelism cannot change");
    assertThatThrownBy(() -> LearnerState.fromPages(List.of()))
        .hasMessageContaining("parallelism cannot change");
  }

  @Test
  void countersComeBack() {
    LearnerCounters counters = new LearnerCounters();
    counters.samplesTrained = 1;
    counters.samplesQuarantined = 2;
    counters.eventTimeMillis = 3;
    counters.snapshotAtMillis = 4;
    byte[] bytes = counters.toBytes();
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "01"
                + "0000000000000001"
                + "0000000000000002"
                + "0000000000000003"
                + "0000000000000004");
    LearnerCounters read = new LearnerCounters();
    read.restore(bytes);
    assertThat(read.toBytes()).isEqualTo(bytes);
    assertThatThrownBy(() -> read.restore(new byte[1])).hasMessageContaining("learner counters");
  }

  @Test
  void pendingSamplesComeBackInOrder() {
    Intake intake = new Intake(true);
    intake.add(input("b", 2));
    intake.add(input("a", 2));
    intake.add(input("c", 1));
    intake.add(new LearnerInput("u", new UserDeletion("u", 2L)));
    intake.add(input("d", 9));
    while (intake.release(1)) {
      assertThat(intake.samplesInBatch()).isEqualTo(1);
    }
    Intake restored = new Intake(true);
    restored.restore(intake.toBytes());
    assertThat(restored.toBytes()).isEqualTo(intake.toBytes());
    assertThat(restored.samplesInBatch()).isEqualTo(1);
    int released = 0;
    while (restored.release(2)) {
      released++;
    }
    assertThat(released).isEqualTo(3);
    assertThat(restored.takeBatch())
        .extracting(i -> i.getBody() instanceof TrainingSample s ? s.getImpressionId() : "deletion")
        .containsExactly("c", "deletion", "a", "b");
    assertThat(restored.size()).isEqualTo(1);

    byte[] bytes = intake.toBytes();
    byte[] otherVersion = bytes.clone();
    otherVersion[0] = 2;
    for (byte[] bad :
        List.of(
            otherVersion,
            Arrays.copyOf(bytes, bytes.length - 1),
            Arrays.copyOf(bytes, bytes.length + 1))) {
      assertThatThrownBy(() -> new Intake(true).restore(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("pending samples");
    }
  }

  private static LearnerInput input(String impression, long knownAt) {
    return new LearnerInput("u", Samples.sample("u", impression, Emission.CLICK, knownAt, 1, 0, 0));
  }

  private StatePage read(String hex) throws IOException {
    return serializer.deserialize(new DataInputDeserializer(HexFormat.of().parseHex(hex)));
  }
}

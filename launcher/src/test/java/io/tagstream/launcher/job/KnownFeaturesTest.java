package io.tagstream.launcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.TimeMark;
import io.tagstream.schemas.UserExpiry;
import java.util.List;
import org.apache.flink.streaming.api.operators.StreamFilter;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class KnownFeaturesTest {

  /** What a learner of these features reads of a sample and a request of version 3, and others. */
  private static List<Object> readBy(long version) throws Exception {
    OneInputStreamOperatorTestHarness<LearnerInput, LearnerInput> harness =
        new OneInputStreamOperatorTestHarness<>(new StreamFilter<>(new KnownFeatures(version)));
    harness.open();
    for (Object body :
        List.of(
            LearnerInputTopicsTest.sample(),
            LearnerInputTopicsTest.request(),
            new UserExpiry("u", 9L),
            new TimeMark(0, 0, 1, 9L))) {
      harness.processElement(new StreamRecord<>(new LearnerInput("u", body)));
    }
    List<Object> read =
        harness.extractOutputStreamRecords().stream()
            .map(record -> record.getValue().getBody())
            .toList();
    harness.close();
    return read;
  }

  @Test
  void whatWasMadeWithTheConfiguredFeaturesIsRead() throws Exception {
    assertThat(readBy(3))
        .containsExactly(
            LearnerInputTopicsTest.sample(),
            LearnerInputTopicsTest.request(),
            new UserExpiry("u", 9L));
  }

  @Test
  void whatWasMadeWithOthersIsLeftOut() throws Exception {
    assertThat(readBy(4)).containsExactly(new UserExpiry("u", 9L));
  }
}

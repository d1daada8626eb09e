package io.tagstream.learner.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Structure;
import io.tagstream.learner.BatchConfig.Mode;
import io.tagstream.schemas.TrainingSample;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {

  /** A leak of 40 kB a step would show: a tenth of what one step of this size allocates. */
  private static final long TOLERANCE_BYTES = 8L << 20;

  /** glibc's own count of what is allocated: resident memory says more of the Java heap. */
  interface CLibrary extends Library {
    MallocInfo mallinfo2();
  }

  @Structure.FieldOrder({
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost"
  })
  public static class MallocInfo extends Structure implements Structure.ByValue {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;
    public long hblkhd;
    public long usmblks;
    public long fsmblks;
    public long uordblks;
    public long fordblks;
    public long keepcost;
  }

  @Test
  void manyBatchesLeaveNothingBehind() throws Exception {
    assumeTrue(Platform.isLinux());
    CLibrary c = Native.load("c", CLibrary.class);
    List<TrainingSample> samples = Inputs.samples(new SplittableRandom(12), 64);
    try (Learner learner = Learner.fresh(Inputs.config(Mode.FAST, 16))) {
      run(learner, samples, 25);
      // A leak shows in every stretch; what Java's compilers borrow meanwhile does not.
      long leastGrowth = Long.MAX_VALUE;
      for (int stretch = 0; stretch < 5 && leastGrowth >= TOLERANCE_BYTES; stretch++) {
        long before = allocated(c);
        run(learner, samples, 50);
        leastGrowth = Math.min(leastGrowth, allocated(c) - before);
      }
      assertThat(leastGrowth).isLessThan(TOLERANCE_BYTES);
    }
  }

  private static void run(Learner learner, List<TrainingSample> samples, int rounds)
      throws Exception {
    for (int round = 0; round < rounds; round++) {
      for (TrainingSample sample : samples) {
        learner.add(sample);
      }
      for (int user = 0; user < 16; user++) {
        learner.request("user" + user, round);
      }
    }
  }

  private static long allocated(CLibrary c) {
    System.gc(); // direct buffers that Java has done with
    MallocInfo info = c.mallinfo2();
    return info.uordblks + info.hblkhd;
  }
}

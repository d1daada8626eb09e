package io.tagstream.launcher.evaluation.census;

import io.tagstream.launcher.evaluation.trial.Evaluation;
import io.tagstream.launcher.evaluation.trial.Protocol;
import io.tagstream.learner.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Census-Income as the literature on multi-task networks uses it since MMoE: the training file
 * trains, one half of the test file validates, the other one tests.
 */
public final class CensusEvaluation implements Evaluation {

  @Override
  public String name() {
    return "census";
  }

  @Override
  public String summary() {
    return "Census-Income: income above 50,000 and never married, of one person a row";
  }

  /** The multi-task networks: the others compare users with tags, and people have none here. */
  @Override
  public List<String> methods() {
    return Stream.of(
            Network.SINGLE_TASK,
            Network.SHARED_BOTTOM,
            Network.MOE,
            Network.MMOE,
            Network.PLE,
            Network.AITM,
            Network.DTN)
        .map(Network::configName)
        .toList();
  }

  @Override
  public boolean reports() {
    return true;
  }

  @Override
  public Protocol open(@Nullable Path data) throws IOException {
    if (data == null) {
      throw new IOException("data: none - name the folder of Census-Income (KDD) with --data");
    }
    return CensusProtocol.read(data);
  }
}

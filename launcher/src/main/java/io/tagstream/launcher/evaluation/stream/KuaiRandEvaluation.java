package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.evaluation.NextDayEvaluator;
import io.tagstream.launcher.evaluation.trial.Evaluation;
import io.tagstream.launcher.evaluation.trial.Protocol;
import io.tagstream.launcher.kuairand.KuaiRandConfig;
import io.tagstream.launcher.kuairand.KuaiRandLog;
import io.tagstream.learner.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** KuaiRand-Pure as a stream: the tags of the next day's clicks, and progressive validation. */
public final class KuaiRandEvaluation implements Evaluation {

  @Override
  public String name() {
    return "kuairand";
  }

  @Override
  public String summary() {
    return "KuaiRand-Pure as a stream: tags of the next day's clicks, and each task's validation";
  }

  @Override
  public List<String> methods() {
    List<String> methods = new ArrayList<>(NextDayEvaluator.BASELINES);
    for (Network network : Network.values()) {
      methods.add(network.configName());
    }
    return List.copyOf(methods);
  }

  @Override
  public boolean reports() {
    return true;
  }

  @Override
  public Protocol open(@Nullable Path data) throws IOException {
    return new DailyProtocol(log(data));
  }

  /**
   * The log.
   *
   * @throws IOException when no folder is named, or it cannot be read
   */
  static KuaiRandLog log(@Nullable Path data) throws IOException {
    if (data == null) {
      throw new IOException("data: none - name the folder of KuaiRand-Pure with --data");
    }
    return new KuaiRandLog(KuaiRandConfig.of(data));
  }
}

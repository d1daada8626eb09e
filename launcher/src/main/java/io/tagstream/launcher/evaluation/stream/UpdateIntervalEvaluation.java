package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.evaluation.trial.Evaluation;
import io.tagstream.launcher.evaluation.trial.Protocol;
import io.tagstream.launcher.kuairand.KuaiRandConfig.Entities;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** KuaiRand-Pure as a stream, learnt as it comes or now and then. */
public final class UpdateIntervalEvaluation implements Evaluation {

  @Override
  public String name() {
    return "online-vs-batch";
  }

  @Override
  public String summary() {
    return "KuaiRand-Pure as a stream: AUC of a model updated after every batch, or less often";
  }

  @Override
  public List<String> methods() {
    return Evaluation.withNetworks(List.of());
  }

  @Override
  public Protocol open(@Nullable Path data) throws IOException {
    return new UpdateIntervalProtocol(KuaiRandEvaluation.log(data, Entities.VIDEO));
  }
}

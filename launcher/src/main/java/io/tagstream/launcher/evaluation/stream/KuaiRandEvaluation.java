package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.evaluation.NextDayEvaluator;
import io.tagstream.launcher.evaluation.trial.Evaluation;
import io.tagstream.launcher.evaluation.trial.Protocol;
import io.tagstream.launcher.kuairand.KuaiRandConfig;
import io.tagstream.launcher.kuairand.KuaiRandConfig.Entities;
import io.tagstream.launcher.kuairand.KuaiRandLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** KuaiRand-Pure as a stream: the tags of the next day's clicks, and progressive validation. */
public final class KuaiRandEvaluation implements Evaluation {

  private final String name;
  private final String summary;
  private final Entities entities;

  private KuaiRandEvaluation(String name, String summary, Entities entities) {
    this.name = name;
    this.summary = summary;
    this.entities = entities;
  }

  /** All items are of one kind. */
  public static KuaiRandEvaluation ofOneKind() {
    return new KuaiRandEvaluation(
        "kuairand",
        "KuaiRand-Pure as a stream: tags of the next day's clicks, and each task's validation",
        Entities.VIDEO);
  }

  /** An item's kind is where it was shown, for models that transfer between kinds. */
  public static KuaiRandEvaluation ofTabs() {
    return new KuaiRandEvaluation(
        "kuairand-tabs",
        "the same with the tab as kind of item; profiles are for tab 1",
        Entities.TAB);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String summary() {
    return summary;
  }

  @Override
  public List<String> methods() {
    return Evaluation.withNetworks(NextDayEvaluator.BASELINES);
  }

  @Override
  public boolean reports() {
    return true;
  }

  @Override
  public Protocol open(@Nullable Path data) throws IOException {
    return new DailyProtocol(log(data, entities));
  }

  /**
   * The log.
   *
   * @throws IOException when no folder is named, or it cannot be read
   */
  static KuaiRandLog log(@Nullable Path data, Entities entities) throws IOException {
    if (data == null) {
      throw new IOException("data: none - name the folder of KuaiRand-Pure with --data");
    }
    return new KuaiRandLog(KuaiRandConfig.of(data).withEntities(entities));
  }
}

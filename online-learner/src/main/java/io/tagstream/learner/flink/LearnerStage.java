package io.tagstream.learner.flink;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.snapshot.SnapshotConfig;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.ModelSnapshot;
import io.tagstream.schemas.ProfileInput;
import io.tagstream.schemas.QuarantinedSample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.jspecify.annotations.Nullable;

/** Wires the learners, one per model: samples and score requests in, scored users out. */
public final class LearnerStage {

  private static final String NAME = "online-learner";
  private static final String CHAMPION = "model-champion";

  private LearnerStage() {}

  /**
   * The stage's streams.
   *
   * @param profiles users scored by the champion, and deletions, for the profile sink
   * @param metrics progressive validation of every model
   * @param snapshots model snapshots whose checkpoint has completed
   * @param quarantined samples whose batch a model did not apply
   */
  public record Outputs(
      DataStream<ProfileInput> profiles,
      DataStream<ModelMetrics> metrics,
      DataStream<ModelSnapshot> snapshots,
      DataStream<QuarantinedSample> quarantined) {}

  /**
   * The stage. Every model learns with parallelism 1, and one of them publishes.
   *
   * @param input samples, score requests, deletions
   * @param promotions which model is to publish; null for the first one for ever
   * @param models at least one, each with a name of its own; the first is a new job's champion
   * @param snapshots when and where model snapshots are written
   */
  public static Outputs of(
      DataStream<LearnerInput> input,
      @Nullable DataStream<LearnerInput> promotions,
      List<LearnerConfig> models,
      SnapshotConfig snapshots) {
    DataStream<LearnerInput> all =
        promotions == null ? input : input.union(champions(promotions, models));
    String champion = promotions == null ? models.get(0).name() : null;
    KeyedStream<LearnerInput, String> keyed = all.keyBy(LearnerInput::getUserId, Types.STRING);
    List<SingleOutputStreamOperator<ProfileInput>> learners = new ArrayList<>();
    for (LearnerConfig model : models) {
      // State in savepoints goes by the uid: a model keeps its own whatever learns beside it.
      String uid = NAME + "-" + model.name();
      learners.add(
          keyed
              .transform(
                  NAME,
                  new AvroTypeInfo<>(ProfileInput.class),
                  new OnlineLearnerOperator(model, champion, snapshots))
              .uid(uid)
              .name(models.size() == 1 ? NAME : uid)
              .setParallelism(1));
    }
    return new Outputs(
        union(learners, learner -> learner),
        union(learners, learner -> learner.getSideOutput(LearnerTags.METRICS)),
        union(learners, learner -> learner.getSideOutput(LearnerTags.SNAPSHOTS)),
        union(learners, learner -> learner.getSideOutput(LearnerTags.QUARANTINED)));
  }

  private static DataStream<LearnerInput> champions(
      DataStream<LearnerInput> promotions, List<LearnerConfig> models) {
    return promotions
        .transform(
            CHAMPION,
            new AvroTypeInfo<>(LearnerInput.class),
            new ChampionOperator(models.stream().map(LearnerConfig::name).toList()))
        .uid(CHAMPION)
        .name(CHAMPION)
        .setParallelism(1);
  }

  private static <T> DataStream<T> union(
      List<SingleOutputStreamOperator<ProfileInput>> learners,
      Function<SingleOutputStreamOperator<ProfileInput>, DataStream<T>> output) {
    DataStream<T> all = output.apply(learners.get(0));
    for (SingleOutputStreamOperator<ProfileInput> learner : learners.subList(1, learners.size())) {
      all = all.union(output.apply(learner));
    }
    return all;
  }
}

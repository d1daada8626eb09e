package io.tagstream.features.transition;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.record.OpenImpression;
import io.tagstream.features.record.PendingLabels;
import io.tagstream.features.record.RecordShape;
import io.tagstream.features.record.UserRecord;
import io.tagstream.features.snapshot.UserFields;
import io.tagstream.schemas.Cause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests that the user in hand be scored as of now, pending facts applied. */
final class ScoreRequests {

  private final UserInHand user;
  private final UserRecord record;
  private final OpenImpression impression;
  private final LabelTasks tasks;
  private final UserFields userFields;
  private final PseudoLabels pseudoLabels;
  private final SampleBuilder builder;
  private final CurrentView view;
  private final float[] currentPseudoLabels;

  ScoreRequests(
      FeaturesConfig config,
      RecordShape shape,
      UserInHand user,
      LabelTasks tasks,
      UserFields userFields,
      SampleBuilder builder) {
    this.user = user;
    this.record = user.record;
    this.impression = user.impression;
    this.tasks = tasks;
    this.userFields = userFields;
    this.pseudoLabels = new PseudoLabels(config.labels().priorMeans());
    this.builder = builder;
    this.view = new CurrentView(config, shape, tasks);
    this.currentPseudoLabels = new float[shape.tasks()];
  }

  /** Because of labels of the impression in hand, when one of them is positive. */
  void add(PendingLabels cause, FeatureOutput out) {
    if (tasks.positive(cause, impression.timeMillis())) {
      add(cause.eventTimeMillis(), cause, out);
    }
  }

  /** Because of an event of this time; the cause is null for a first impression. */
  void add(long timeMillis, @Nullable PendingLabels cause, FeatureOutput out) {
    view.look(record, timeMillis);
    userFields.assemble(
        view.attributes(),
        view.clicked(),
        view.shown(),
        view.labels(),
        impression.context(),
        timeMillis);
    long mask = pseudoLabels.read(view.labels(), currentPseudoLabels);
    List<Cause> causes = cause == null ? List.of() : List.of(builder.cause(impression, cause));
    out.scoreRequest(
        builder.scoreRequest(user.userId, record, timeMillis, causes, currentPseudoLabels, mask));
  }
}

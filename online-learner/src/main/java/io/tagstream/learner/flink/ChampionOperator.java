package io.tagstream.learner.flink;

import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ModelPromotion;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which model publishes, and tells all learners: at every start, because a model that was
 * added to the job cannot know, and with every promotion. Parallelism 1.
 */
final class ChampionOperator extends AbstractStreamOperator<LearnerInput>
    implements OneInputStreamOperator<LearnerInput, LearnerInput> {

  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(ChampionOperator.class);

  private final ArrayList<String> models;

  private transient ListState<String> state;
  private transient String champion;

  /**
   * An operator.
   *
   * @param models all models; the first is the champion of a new job, and follows one that is not
   *     there any more
   */
  @SuppressWarnings("NullAway.Init") // Flink fills the transient fields in before the first record
  ChampionOperator(List<String> models) {
    this.models = new ArrayList<>(models);
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("champion", Types.STRING));
    champion = models.get(0);
    for (String kept : state.get()) {
      if (models.contains(kept)) {
        champion = kept;
      } else {
        LOG.warn(
            "learner.models: {} - is without the champion {}; {} follows", models, kept, champion);
      }
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    tell(new ModelPromotion(champion, System.currentTimeMillis()));
  }

  @Override
  public void processElement(StreamRecord<LearnerInput> element) {
    ModelPromotion promotion = (ModelPromotion) element.getValue().getBody();
    if (models.contains(promotion.getModel())) {
      champion = promotion.getModel();
      tell(promotion);
    } else {
      LOG.warn(
          "model-promotions: {} - is none of the job's models {}; nothing changes",
          promotion.getModel(),
          models);
    }
  }

  private void tell(ModelPromotion promotion) {
    output.collect(new StreamRecord<>(new LearnerInput("", promotion)));
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    state.update(List.of(champion));
  }
}

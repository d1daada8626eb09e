package io.tagstream.learner.flink;

import io.tagstream.learner.BatchConfig.Mode;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.assembly.BatchLearner;
import io.tagstream.learner.snapshot.SnapshotConfig;
import io.tagstream.learner.stage.UserRecord;
import io.tagstream.learner.training.TrainerCapture;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.ModelPromotion;
import io.tagstream.schemas.ModelSnapshot;
import io.tagstream.schemas.ProfileInput;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserExpiry;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.jspecify.annotations.Nullable;

/**
 * Trains one model on samples in micro-batches, and answers score requests while it is the
 * champion; keyed by user. A job has one such operator per model.
 *
 * <p>`fast`: a batch is trained when it is full, when it has waited for the flush interval, and
 * before each checkpoint barrier, so a checkpoint holds nothing that is accepted and not trained,
 * and every sample is trained exactly once per recovered history.
 *
 * <p>`deterministic`: samples are released by the watermark in (knownAt, impressionId, emission)
 * order and trained in full batches only; what is neither is in the checkpoint. Equal samples then
 * give an equal model, whatever arrived when, and whatever was interrupted.
 *
 * <p>Score requests are answered behind the batch they came with, at the latest after the flush
 * interval, also when nothing trains.
 */
final class OnlineLearnerOperator extends AbstractStreamOperator<ProfileInput>
    implements OneInputStreamOperator<LearnerInput, ProfileInput>,
        Triggerable<String, VoidNamespace>,
        BoundedOneInput {

  private static final long serialVersionUID = 1L;

  private static final long ANNOUNCE_RETRY_MILLIS = 100;

  private final LearnerConfig learnerConfig;
  private final SnapshotConfig snapshotConfig;
  private final @Nullable String champion;

  private transient BatchLearner learner;
  private transient Championship championship;
  private transient UserRecords users;
  private transient Intake intake;
  private transient BatchTraining training;
  private transient Answers answers;
  private transient Sweep sweep;
  private transient boolean ended;
  private transient HeldWatermarks held;
  private transient LearnerCounters counters;
  private transient LearnerMeters meters;
  private transient SnapshotPublisher publisher;
  private transient ListState<StatePage> pages;
  private transient boolean flushTimerSet;
  private transient long reportedSamples;
  private transient HeldWatermarks.Sink downstream;

  /**
   * An operator.
   *
   * @param champion name of the model that publishes for ever; null to be told
   */
  @SuppressWarnings("NullAway.Init") // Flink fills the transient fields in before the first record
  OnlineLearnerOperator(
      LearnerConfig learnerConfig, @Nullable String champion, SnapshotConfig snapshotConfig) {
    this.learnerConfig = learnerConfig;
    this.champion = champion;
    this.snapshotConfig = snapshotConfig;
  }

  private boolean isDeterministic() {
    return learnerConfig.batch().mode() == Mode.DETERMINISTIC;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    int replicas = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
    if (isDeterministic() && replicas != 1) {
      throw new IllegalArgumentException(
          "batch.mode: deterministic - needs a learner of parallelism 1, not " + replicas);
    }
    learner = new BatchLearner(learnerConfig);
    championship = new Championship(learnerConfig.name(), champion);
    intake = new Intake(isDeterministic());
    held = new HeldWatermarks();
    counters = new LearnerCounters();
    users =
        new UserRecords(
            context
                .getKeyedStateStore()
                .getState(
                    new ValueStateDescriptor<>(
                        "user", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)),
            this::setCurrentKey,
            learnerConfig.tasks().size());
    pages =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("model", StatePageSerializer.INSTANCE));
    // One replica without any page is a learner that the restored job did not have: it starts anew.
    if (context.isRestored() && (replicas != 1 || pages.get().iterator().hasNext())) {
      restore(LearnerState.fromPages(pages.get()));
      pages.clear();
    }
  }

  private void restore(LearnerState state) {
    learner.trainer().restore(state.capture());
    learner.validation().restore(state.validation());
    learner.weigher().restore(state.weigher());
    learner.namer().restore(state.namer());
    learner.popularity().restore(state.popularity());
    counters.restore(state.counters());
    intake.restore(state.pending());
    held.batched(intake.samplesInBatch());
    reportedSamples = counters.samplesTrained + counters.samplesQuarantined;
  }

  @Override
  public void open() throws Exception {
    super.open();
    sweep =
        new Sweep(
            learnerConfig.scoring().sweepInterval(),
            getInternalTimerService("sweep", VoidNamespaceSerializer.INSTANCE, this),
            learnerConfig.tasks().size());
    publisher = new SnapshotPublisher(learnerConfig, snapshotConfig);
    meters =
        new LearnerMeters(
            getRuntimeContext().getMetricGroup(),
            learnerConfig,
            counters,
            learner.trainer(),
            championship::isChampion,
            () -> intake.size() + answers.waiting());
    training =
        new BatchTraining(
            learnerConfig.name(),
            learner,
            users,
            sweep,
            this::setCurrentKey,
            counters,
            meters,
            refused ->
                output.collect(
                    LearnerTags.QUARANTINED,
                    new StreamRecord<>(refused, refused.getSample().getKnownAtMillis())));
    answers =
        new Answers(
            new UserScoring(learnerConfig, learner),
            sweep,
            championship,
            users,
            this::setCurrentKey,
            meters,
            (answer, time) -> output.collect(new StreamRecord<>(answer, time)));
    downstream =
        new HeldWatermarks.Sink() {
          @Override
          public void watermark(Watermark watermark) throws Exception {
            OnlineLearnerOperator.super.processWatermark(watermark);
          }

          @Override
          public void status(WatermarkStatus status) throws Exception {
            OnlineLearnerOperator.super.processWatermarkStatus(status);
          }
        };
    scheduleReport();
  }

  @Override
  public void processElement(StreamRecord<LearnerInput> element) throws Exception {
    LearnerInput input = element.getValue();
    if (input.getBody() instanceof TrainingSample sample) {
      if (!training.accepts(sample)) {
        return;
      }
      take(input);
    } else if (input.getBody() instanceof ScoreRequest request) {
      if (!answers.add(request)) {
        return;
      }
      held.requested();
    } else if (input.getBody() instanceof UserDeletion deletion) {
      answers.add(deletion);
      take(input);
    } else if (input.getBody() instanceof UserExpiry expiry) {
      answers.add(expiry);
      UserDeletion deletion = new UserDeletion(expiry.getUserId(), expiry.getEventTimeMillis());
      take(new LearnerInput(expiry.getUserId(), deletion));
    } else if (input.getBody() instanceof ModelPromotion promotion) {
      answers.promote(promotion.getModel());
    } else {
      throw new IllegalStateException("learner input of " + input.getUserId() + " has no body");
    }
    if (isFull() || (canAnswer() && answers.waiting() >= learnerConfig.batch().size())) {
      flush();
    } else {
      scheduleFlush();
    }
  }

  private void take(LearnerInput input) {
    intake.add(input);
    if (!isDeterministic()) {
      held.batched(input.getBody() instanceof TrainingSample ? 1 : 0);
    }
  }

  /**
   * Before its first step the model knows no tag, and before it is told nobody knows whose the
   * answer is: whoever asks waits for it.
   */
  private boolean canAnswer() {
    return learner.trainer().step() > 0 && championship.isKnown();
  }

  private boolean isFull() {
    return intake.samplesInBatch() >= learnerConfig.batch().size();
  }

  /** A user has been silent: only the request is made here, in the midst of a watermark's way. */
  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    UserRecord user = users.of(timer.getKey());
    if (sweep.fired(timer.getKey(), user, timer.getTimestamp(), ended)) {
      users.write();
    } else {
      users.discard();
    }
    scheduleFlush();
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("the learner sets no timers of processing time for users");
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    ended = mark.getTimestamp() == Watermark.MAX_WATERMARK.getTimestamp();
    if (isDeterministic()) {
      release(mark.getTimestamp());
    }
    held.watermark(mark);
    held.release(downstream);
  }

  private void release(long watermarkMillis) throws Exception {
    int before = intake.samplesInBatch();
    while (intake.release(watermarkMillis)) {
      held.batched(intake.samplesInBatch() - before);
      if (isFull()) {
        flush();
      }
      before = intake.samplesInBatch();
    }
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) throws Exception {
    held.status(status, downstream);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    flush();
    answerAll();
    if (championship.barrier(checkpointId)) {
      reportNow();
    }
  }

  @Override
  public void endInput() throws Exception {
    release(Long.MAX_VALUE);
    trainBatch();
    flush();
    answerAll();
    report();
  }

  /** Requests are in no checkpoint and outlive no input, whatever the model knows. */
  private void answerAll() throws Exception {
    answer();
    held.release(downstream);
    if (sweep.isDue()) {
      answer(); // those whose timers the last watermark fired
    }
  }

  /** Trains what may be trained, answers requests, lets watermarks out. */
  private void flush() throws Exception {
    pages.clear(); // the checkpoint has its copy by now; holding these would keep old pages alive
    if (!isDeterministic() || isFull()) {
      trainBatch();
    }
    if (canAnswer()) {
      answer();
    }
    held.release(downstream);
  }

  private void trainBatch() throws Exception {
    if (!intake.isBatchEmpty()) {
      int taken = intake.samplesInBatch();
      training.train(intake.takeBatch());
      held.trained(taken);
    }
  }

  private void answer() throws Exception {
    answers.giveAll();
    held.answered();
  }

  private void scheduleFlush() {
    if (!flushTimerSet && (intake.size() + answers.waiting() > 0 || sweep.isDue())) {
      flushTimerSet = true;
      after(
          learnerConfig.batch().flushInterval().toMillis(),
          time -> {
            flushTimerSet = false;
            flush();
          });
    }
  }

  private void scheduleReport() {
    after(
        learnerConfig.metricsInterval().toMillis(),
        time -> {
          report();
          scheduleReport();
        });
  }

  private void after(long millis, ProcessingTimeCallback callback) {
    // A failing callback fails the task by itself; the future is for cancelling.
    var unused =
        getProcessingTimeService()
            .registerTimer(
                getProcessingTimeService().getCurrentProcessingTime() + millis, callback);
  }

  /** Emits metrics when something was trained or refused since the last time. */
  private void report() {
    if (counters.samplesTrained + counters.samplesQuarantined != reportedSamples) {
      reportNow();
    }
  }

  private void reportNow() {
    reportedSamples = counters.samplesTrained + counters.samplesQuarantined;
    long now = getProcessingTimeService().getCurrentProcessingTime();
    ModelMetrics metrics =
        MetricsReport.of(
            learnerConfig, learner, counters, training.lastStep(), championship.isChampion(), now);
    meters.report(metrics);
    output.collect(LearnerTags.METRICS, new StreamRecord<>(metrics, counters.eventTimeMillis));
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    TrainerCapture capture = learner.trainer().capture();
    long now = getProcessingTimeService().getCurrentProcessingTime();
    if (publisher.isDue(now, counters.snapshotAtMillis)) {
      counters.snapshotAtMillis = now;
      publisher.write(context.getCheckpointId(), learner, capture, counters.eventTimeMillis);
    }
    pages.update(
        new LearnerState(
                capture,
                learner.validation().toBytes(),
                learner.weigher().toBytes(),
                learner.namer().toBytes(),
                learner.popularity().toBytes(),
                counters.toBytes(),
                intake.toBytes())
            .toPages());
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    answers.completed(checkpointId);
    publisher.completed(checkpointId);
    announce();
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    super.notifyCheckpointAborted(checkpointId);
    answers.aborted(checkpointId);
    publisher.aborted(checkpointId);
  }

  private void announce() {
    for (ModelSnapshot snapshot : publisher.announceable()) {
      output.collect(
          LearnerTags.SNAPSHOTS, new StreamRecord<>(snapshot, snapshot.getEventTimeMillis()));
    }
    if (publisher.isWaiting()) {
      after(ANNOUNCE_RETRY_MILLIS, time -> announce());
    }
  }

  @Override
  public void close() throws Exception {
    try {
      super.close();
    } finally {
      if (publisher != null) {
        publisher.close();
      }
      if (learner != null) {
        learner.close();
      }
    }
  }

  /** Digest of the engine's complete state, for tests. */
  String digest() {
    return learner.trainer().digest();
  }

  /** The validation windows, for tests. */
  byte[] validationState() {
    return learner.validation().toBytes();
  }
}

package io.tagstream.learner.flink;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.snapshot.SnapshotConfig;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.ModelPromotion;
import io.tagstream.schemas.ModelSnapshot;
import io.tagstream.schemas.ProfileInput;
import io.tagstream.schemas.QuarantinedSample;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.ScoredUser;
import io.tagstream.schemas.TrainingSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** The operator under Flink's harness, with a clock that stands until it is told. */
final class Learner implements AutoCloseable {

  private final OnlineLearnerOperator operator;
  private final KeyedOneInputStreamOperatorTestHarness<String, LearnerInput, ProfileInput> harness;

  Learner(LearnerConfig config, SnapshotConfig snapshots, OperatorSubtaskState restored)
      throws Exception {
    this(config, config.name(), snapshots, restored, 1);
  }

  private Learner(
      LearnerConfig config,
      String champion,
      SnapshotConfig snapshots,
      OperatorSubtaskState restored,
      int replicas)
      throws Exception {
    operator = new OnlineLearnerOperator(config, champion, snapshots);
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            operator, LearnerInput::getUserId, Types.STRING, 128, replicas, 0);
    harness.setup(
        new AvroTypeInfo<>(ProfileInput.class)
            .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
  }

  static Learner fresh(LearnerConfig config) throws Exception {
    return new Learner(config, SnapshotConfig.defaults(), null);
  }

  static Learner restored(LearnerConfig config, OperatorSubtaskState state) throws Exception {
    return new Learner(config, SnapshotConfig.defaults(), state);
  }

  static Learner parallel(LearnerConfig config, int replicas) throws Exception {
    return new Learner(config, config.name(), SnapshotConfig.defaults(), null, replicas);
  }

  /** One of several models, which is told who publishes; from the beginning without state. */
  static Learner among(LearnerConfig config, OperatorSubtaskState state) throws Exception {
    return new Learner(config, null, SnapshotConfig.defaults(), state, 1);
  }

  void promote(String model) throws Exception {
    send(new LearnerInput("", new ModelPromotion(model, 1L)));
  }

  void send(LearnerInput input) throws Exception {
    harness.processElement(new StreamRecord<>(input));
  }

  void add(TrainingSample sample) throws Exception {
    send(new LearnerInput(sample.getUserId(), sample));
  }

  void request(String user, long eventTimeMillis) throws Exception {
    send(new LearnerInput(user, Inputs.request(user, eventTimeMillis)));
  }

  /** The request of a first impression. */
  void newUser(String user, long eventTimeMillis) throws Exception {
    ScoreRequest request = Inputs.request(user, eventTimeMillis);
    request.setCauses(List.of());
    send(new LearnerInput(user, request));
  }

  void watermark(long timestamp) throws Exception {
    harness.processWatermark(timestamp);
  }

  void status(WatermarkStatus status) throws Exception {
    harness.processWatermarkStatus(status);
  }

  void wallClock(long millis) throws Exception {
    harness.setProcessingTime(millis);
  }

  OperatorSubtaskState checkpoint(long id) throws Exception {
    operator.prepareSnapshotPreBarrier(id);
    return harness.snapshot(id, id);
  }

  void complete(long id) throws Exception {
    harness.notifyOfCompletedCheckpoint(id);
  }

  void abort(long id) throws Exception {
    operator.notifyCheckpointAborted(id);
  }

  void end() throws Exception {
    harness.processWatermark(Long.MAX_VALUE);
    operator.endInput();
  }

  String digest() {
    return operator.digest();
  }

  byte[] validationState() {
    return operator.validationState();
  }

  List<Object> output() {
    return List.copyOf(harness.getOutput());
  }

  List<ProfileInput> profiles() {
    List<ProfileInput> profiles = new ArrayList<>();
    for (Object element : harness.getOutput()) {
      if (element instanceof StreamRecord<?> record) {
        profiles.add((ProfileInput) record.getValue());
      }
    }
    return profiles;
  }

  List<ScoredUser> scored() {
    return profiles().stream()
        .map(ProfileInput::getBody)
        .filter(ScoredUser.class::isInstance)
        .map(ScoredUser.class::cast)
        .toList();
  }

  List<Long> watermarks() {
    return harness.getOutput().stream()
        .filter(Watermark.class::isInstance)
        .map(element -> ((Watermark) element).getTimestamp())
        .toList();
  }

  List<WatermarkStatus> statuses() {
    return harness.getOutput().stream()
        .filter(WatermarkStatus.class::isInstance)
        .map(WatermarkStatus.class::cast)
        .toList();
  }

  List<ModelMetrics> metrics() {
    return side(LearnerTags.METRICS);
  }

  List<ModelSnapshot> snapshots() {
    return side(LearnerTags.SNAPSHOTS);
  }

  List<QuarantinedSample> quarantined() {
    return side(LearnerTags.QUARANTINED);
  }

  private <T> List<T> side(OutputTag<T> tag) {
    Queue<StreamRecord<T>> records = harness.getSideOutput(tag);
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  @Override
  public void close() {
    try {
      harness.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

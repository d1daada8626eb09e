package io.tagstream.features.flink;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.stay.StayBinVersions;
import io.tagstream.features.stay.StayEdges;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.StayBinEdges;
import io.tagstream.schemas.UserFact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * The feature stage with bins of counted stays: facts come on the first input, edges on the second,
 * and every subtask gets all of those.
 *
 * <p>Edges come before the watermark that makes them due, so once time has come to an impression on
 * both inputs its edges are there. Time is therefore the smaller watermark of the two, and idleness
 * makes no exception: were silent edges left out, facts that go on after a silence would be ahead
 * of them. Nothing waits for ever, as both watermarks come from the same subtasks. Whoever reads on
 * is told that this subtask is idle when the facts are and the edges have caught up.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState before anything else
final class CountedFeaturesOperator extends FeaturesOperator
    implements TwoInputStreamOperator<UserFact, StayBinEdges, LearnerInput> {

  private static final String EDGES_STATE = "stay-bin-edges";

  private transient StayBinVersions versions;
  private transient ListState<StayBinEdges> edgesState;
  private transient long factsWatermark;
  private transient long edgesWatermark;
  private transient boolean factsIdle;
  private transient boolean toldIdle;

  CountedFeaturesOperator(FeaturesConfig settings) {
    super(settings);
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    List<Duration> configured = settings().labels().stays().edges();
    versions =
        new StayBinVersions(new StayEdges(configured.stream().map(Duration::toMillis).toList()));
    // Union: all subtasks know the same edges, and a new one needs them as well.
    edgesState =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>(EDGES_STATE, StayTypes.EDGES));
    for (StayBinEdges restored : edgesState.get()) {
      put(restored);
    }
    factsWatermark = Long.MIN_VALUE;
    edgesWatermark = Long.MIN_VALUE;
  }

  @Override
  StayBinVersions stayBins() {
    return versions;
  }

  @Override
  public void processElement1(StreamRecord<UserFact> element) throws Exception {
    apply(element.getValue());
  }

  @Override
  public void processElement2(StreamRecord<StayBinEdges> element) {
    put(element.getValue());
    long window = settings().labels().window().toMillis();
    if (watermark() > Long.MIN_VALUE + window) {
      versions.forgetBefore(watermark() - window); // no stay on an earlier impression is matched
    }
  }

  @Override
  public void processWatermark1(Watermark mark) throws Exception {
    factsWatermark = mark.getTimestamp();
    super.processWatermark1(mark);
    tellIdleness();
  }

  @Override
  public void processWatermark2(Watermark mark) throws Exception {
    edgesWatermark = mark.getTimestamp();
    super.processWatermark2(mark);
    tellIdleness();
  }

  @Override
  protected void processWatermarkStatus(WatermarkStatus status, int input) {
    if (input == 0) {
      factsIdle = status.isIdle();
      tellIdleness();
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    List<StayBinEdges> all = new ArrayList<>();
    versions.forEach((fromHour, edges) -> all.add(new StayBinEdges(fromHour, edges)));
    edgesState.update(all);
  }

  private void put(StayBinEdges edges) {
    versions.put(edges.getFromHour(), edges.getEdgesMillis());
  }

  private void tellIdleness() {
    boolean idle = factsIdle && edgesWatermark >= factsWatermark;
    if (idle != toldIdle) {
      toldIdle = idle;
      output.emitWatermarkStatus(idle ? WatermarkStatus.IDLE : WatermarkStatus.ACTIVE);
    }
  }
}

package io.tagstream.profile.flink;

import io.tagstream.profile.IntervalClock;
import io.tagstream.profile.ProfileCause;
import io.tagstream.profile.ProfileConfig;
import io.tagstream.profile.publish.Now;
import io.tagstream.profile.publish.ProfilePublisher;
import io.tagstream.profile.publish.Publication;
import io.tagstream.profile.publish.Transition;
import io.tagstream.profile.state.UserProfileState;
import io.tagstream.profile.state.UserProfileState.Pending;
import io.tagstream.profile.state.UserProfileStateCodec;
import io.tagstream.schemas.ProfileInput;
import io.tagstream.schemas.ProfileUpdate;
import io.tagstream.schemas.ScoredUser;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserExpiry;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.Preconditions;
import org.jspecify.annotations.Nullable;

/**
 * Adapts {@link ProfilePublisher}: one packed record and at most one useful timer per user.
 *
 * <p>An operator and not a process function, because processing-time timers that are pending at the
 * end of bounded input are dropped, and what waits must still be published: {@link #endInput()}.
 * The wall clock is the operator's processing time, so that a test can set it.
 */
final class ProfileOperator extends AbstractStreamOperator<ProfileUpdate>
    implements OneInputStreamOperator<ProfileInput, ProfileUpdate>,
        Triggerable<String, VoidNamespace>,
        BoundedOneInput {

  /** Profiles over which freshness is told. */
  private static final int FRESHNESS_TIMES = 1024;

  private static final long serialVersionUID = 1L;

  private final ProfileConfig profileConfig;
  private final IntervalClock clock;

  private transient @Nullable Opened opened;

  /** What exists from {@link #open()} on. */
  private record Opened(
      ProfilePublisher publisher,
      UserProfileStateCodec codec,
      ValueStateDescriptor<byte[]> descriptor,
      ValueState<byte[]> state,
      InternalTimerService<VoidNamespace> timers,
      Counter published,
      Counter unchanged,
      Counter rateLimited,
      Counter refused,
      Counter changes,
      Counter tombstones,
      Histogram freshnessMillis) {}

  ProfileOperator(ProfileConfig config, IntervalClock clock) {
    this.profileConfig = config;
    this.clock = clock;
  }

  @Override
  public void open() throws Exception {
    super.open();
    MetricGroup metrics = getMetricGroup().addGroup("tagstream").addGroup("profile");
    ValueStateDescriptor<byte[]> descriptor =
        new ValueStateDescriptor<>(
            "profile", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    opened =
        new Opened(
            new ProfilePublisher(profileConfig),
            new UserProfileStateCodec(),
            descriptor,
            getRuntimeContext().getState(descriptor),
            getInternalTimerService("interval", VoidNamespaceSerializer.INSTANCE, this),
            metrics.counter("published"),
            metrics.counter("suppressedUnchanged"),
            metrics.counter("rateLimited"),
            metrics.counter("refusedScores"),
            metrics.counter("changes"),
            metrics.counter("tombstones"),
            metrics.histogram(
                "freshnessMillis", new DescriptiveStatisticsHistogram(FRESHNESS_TIMES)));
  }

  @Override
  public void processElement(StreamRecord<ProfileInput> element) throws Exception {
    ProfileInput input = element.getValue();
    Opened op = opened();
    UserProfileState state = read(op);
    if (input.getBody() instanceof ScoredUser scored) {
      Now now = now(op, scored.getEventTimeMillis());
      Transition transition =
          op.publisher.scored(
              state, ProfileRecords.content(scored), ProfileRecords.causes(scored), now);
      apply(op, input.getUserId(), transition);
    } else if (input.getBody() instanceof UserDeletion) {
      // Also of a user unknown here: the topic may hold a profile of an earlier deployment.
      forget(op, state);
      bury(op, input.getUserId());
    } else if (input.getBody() instanceof UserExpiry) {
      forget(op, state);
      if (state.published() != null) {
        bury(op, input.getUserId());
      }
    } else {
      throw new IllegalStateException(
          "profile-sink: a ProfileInput holds "
              + input.getBody().getClass().getName()
              + " - this release knows ScoredUser, UserDeletion and UserExpiry");
    }
  }

  /** Nothing of the user is left here, not even that there was one. */
  private static void forget(Opened op, UserProfileState state) {
    Pending pending = state.pending();
    if (pending != null) {
      // By whichever clock: it may have been set before a restore, by the other.
      op.timers.deleteProcessingTimeTimer(VoidNamespace.INSTANCE, pending.dueMillis());
      op.timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, pending.dueMillis());
    }
    op.state.clear();
  }

  private void bury(Opened op, String userId) {
    op.tombstones.inc();
    output.collect(new StreamRecord<>(new ProfileUpdate(userId, null)));
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    // The timer's own time counts too: a clock set back since must not leave a profile waiting.
    long wall = Math.max(opened().timers.currentProcessingTime(), timer.getTimestamp());
    due(timer, new Now(wall, wall));
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    due(timer, new Now(opened().timers.currentProcessingTime(), timer.getTimestamp()));
  }

  private void due(InternalTimer<String, VoidNamespace> timer, Now now) throws IOException {
    Opened op = opened();
    apply(op, timer.getKey(), op.publisher.due(read(op), now));
  }

  private Now now(Opened op, long eventTimeMillis) {
    long wall = op.timers.currentProcessingTime();
    return new Now(wall, clock == IntervalClock.EVENT ? eventTimeMillis : wall);
  }

  @Override
  public void endInput() throws Exception {
    KeyedStateBackend<String> backend = Preconditions.checkNotNull(getKeyedStateBackend());
    Opened op = opened();
    long wall = op.timers.currentProcessingTime();
    Now now = new Now(wall, wall); // nothing comes behind it
    backend.applyToAllKeys(
        VoidNamespace.INSTANCE,
        VoidNamespaceSerializer.INSTANCE,
        op.descriptor,
        (userId, state) -> apply(op, userId, op.publisher.flush(read(op), now)));
  }

  private void apply(Opened op, String userId, Transition transition) throws IOException {
    switch (transition.outcome()) {
      case PUBLISHED -> {
        op.published.inc();
        emit(op, userId, Objects.requireNonNull(transition.publication()));
      }
      case UNCHANGED -> op.unchanged.inc();
      case RATE_LIMITED -> {
        op.rateLimited.inc();
        Pending pending = Objects.requireNonNull(transition.state().pending());
        // The same time twice is one timer.
        if (clock == IntervalClock.EVENT) {
          op.timers.registerEventTimeTimer(VoidNamespace.INSTANCE, pending.dueMillis());
        } else {
          op.timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, pending.dueMillis());
        }
      }
      case REFUSED -> op.refused.inc();
      case NOTHING_DUE -> {
        return;
      }
    }
    op.state.update(op.codec.encode(transition.state()));
  }

  private void emit(Opened op, String userId, Publication publication) {
    // A profile of a sweep has no cause, and is fresh by itself.
    publication.causes().stream()
        .mapToLong(ProfileCause::appendTimeMillis)
        .max()
        .ifPresent(newest -> op.freshnessMillis.update(publication.publishedAtMillis() - newest));
    output.collect(
        new StreamRecord<>(new ProfileUpdate(userId, ProfileRecords.profile(userId, publication))));
    if (!publication.moves().isEmpty()) {
      op.changes.inc();
      output.collect(
          ProfileStage.CHANGES, new StreamRecord<>(ProfileRecords.change(userId, publication)));
    }
  }

  private UserProfileState read(Opened op) throws IOException {
    byte[] bytes = op.state.value();
    return bytes == null ? UserProfileState.EMPTY : op.codec.decode(bytes);
  }

  private Opened opened() {
    return Preconditions.checkNotNull(opened, "profile-sink is used before open()");
  }
}

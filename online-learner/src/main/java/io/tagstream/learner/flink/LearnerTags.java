package io.tagstream.learner.flink;

import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.ModelSnapshot;
import io.tagstream.schemas.QuarantinedSample;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.util.OutputTag;

/** The learner's side outputs. */
final class LearnerTags {

  static final OutputTag<ModelMetrics> METRICS =
      new OutputTag<>("model-metrics", new AvroTypeInfo<>(ModelMetrics.class));

  static final OutputTag<ModelSnapshot> SNAPSHOTS =
      new OutputTag<>("model-snapshots", new AvroTypeInfo<>(ModelSnapshot.class));

  static final OutputTag<QuarantinedSample> QUARANTINED =
      new OutputTag<>("quarantined-samples", new AvroTypeInfo<>(QuarantinedSample.class));

  private LearnerTags() {}
}

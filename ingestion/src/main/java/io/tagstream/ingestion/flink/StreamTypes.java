package io.tagstream.ingestion.flink;

import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.UserFact;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.util.OutputTag;

/** Types and side outputs of the stage's streams, explicit because generic types are off. */
final class StreamTypes {

  static final TypeInformation<InputRecord> INPUT = new AvroTypeInfo<>(InputRecord.class);
  static final TypeInformation<UserFact> FACT = new AvroTypeInfo<>(UserFact.class);

  static final OutputTag<DeadLetter> DEAD_LETTERS =
      new OutputTag<>("dead-letters", new AvroTypeInfo<>(DeadLetter.class));

  /** Items and impressions without tags, for the operator that joins them. */
  static final OutputTag<InputRecord> UNTAGGED = new OutputTag<>("untagged", INPUT);

  private StreamTypes() {}
}

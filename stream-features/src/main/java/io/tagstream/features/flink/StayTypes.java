package io.tagstream.features.flink;

import io.tagstream.schemas.HourOfStays;
import io.tagstream.schemas.StayBinEdges;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/** Types of what travels and is kept on the way from stays to bins. */
final class StayTypes {

  static final TypeInformation<HourOfStays> HOUR = new AvroTypeInfo<>(HourOfStays.class);
  static final TypeInformation<StayBinEdges> EDGES = new AvroTypeInfo<>(StayBinEdges.class);

  private StayTypes() {}
}

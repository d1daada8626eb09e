package io.tagstream.ingestion.flink;

import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Origin;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.ByteBuffer;

/**
 * Dead letters of records that were refused after decoding: their value is the canonical encoding,
 * their key and headers are gone. Not thread-safe.
 */
final class DeadLetters {

  private final SingleObjectCodec<Impression> impressions =
      new SingleObjectCodec<>(Impression.class);
  private final SingleObjectCodec<Click> clicks = new SingleObjectCodec<>(Click.class);
  private final SingleObjectCodec<Stay> stays = new SingleObjectCodec<>(Stay.class);
  private final SingleObjectCodec<Conversion> conversions =
      new SingleObjectCodec<>(Conversion.class);

  /** The dead letter of an impression, click, stay or conversion. */
  DeadLetter of(InputRecord record, DeadLetterReason reason, String detail) {
    Origin origin = record.getOrigin();
    return DeadLetter.newBuilder()
        .setTopic(origin.getTopic())
        .setPartition(origin.getPartition())
        .setOffset(origin.getOffset())
        .setAppendTimeMillis(origin.getAppendTimeMillis())
        .setReason(reason)
        .setDetail(detail)
        .setValue(ByteBuffer.wrap(encode(record)))
        .build();
  }

  private byte[] encode(InputRecord record) {
    Object body = record.getBody();
    if (body instanceof Impression impression) {
      return impressions.encode(impression);
    }
    if (body instanceof Click click) {
      return clicks.encode(click);
    }
    if (body instanceof Stay stay) {
      return stays.encode(stay);
    }
    if (body instanceof Conversion conversion) {
      return conversions.encode(conversion);
    }
    throw InputFields.unexpected(record, "an impression or engagement");
  }
}

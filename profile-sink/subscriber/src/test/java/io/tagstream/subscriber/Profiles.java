package io.tagstream.subscriber;

import io.tagstream.schemas.Cause;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.StageName;
import io.tagstream.schemas.TagScore;
import io.tagstream.schemas.TaskStage;
import io.tagstream.schemas.TaskTags;
import io.tagstream.schemas.UserTagProfile;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Profiles and records as the topic has them. */
final class Profiles {

  static final String TOPIC = "user-tag-profiles";
  static final long APPENDED_MILLIS = 1_700_000_000_000L;

  private Profiles() {}

  static UserTagProfile profile(String userId, long version, long digest) {
    return UserTagProfile.newBuilder()
        .setUserId(userId)
        .setVersion(version)
        .setEventTimeMillis(1_699_999_999_000L)
        .setPublishedAtMillis(APPENDED_MILLIS - 1)
        .setModelVersion("mvke-7")
        .setTasks(List.of(new TaskTags("click", List.of(new TagScore("jazz", 0.5f)))))
        .setStageName(StageName.WANDER)
        .setStages(List.of(new TaskStage("click", 2.0, 3.0, 5.0, 0.25f)))
        .setCauses(List.of(new Cause(Emission.CLICK, "i1", "item-1", List.of("jazz"), 1L, 2L)))
        .setContentDigest(digest)
        .build();
  }

  static byte[] bytes(UserTagProfile profile) {
    return new SingleObjectCodec<>(UserTagProfile.class).encode(profile);
  }

  static ConsumerRecord<byte[], byte[]> record(
      int partition, long offset, String userId, byte[] value) {
    return new ConsumerRecord<>(
        TOPIC,
        partition,
        offset,
        APPENDED_MILLIS + offset,
        TimestampType.LOG_APPEND_TIME,
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        userId == null ? null : userId.getBytes(StandardCharsets.UTF_8),
        value,
        new RecordHeaders(),
        Optional.empty());
  }
}

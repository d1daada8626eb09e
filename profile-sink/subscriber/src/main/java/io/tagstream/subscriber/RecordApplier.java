package io.tagstream.subscriber;

import io.tagstream.schemas.UserTagProfile;
import io.tagstream.schemas.codec.MalformedRecordException;
import io.tagstream.schemas.codec.SingleObjectCodec;
import io.tagstream.subscriber.ProfileVerdict.Mark;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes changes of records: tells the listener, then puts them into a batch. Not thread-safe. */
final class RecordApplier {

  private static final Logger LOG = LoggerFactory.getLogger(RecordApplier.class);

  private final @Nullable ProfileListener listener;
  private final SingleObjectCodec<UserTagProfile> codec =
      new SingleObjectCodec<>(UserTagProfile.class);

  private long records;
  private long changes;
  private long repeats;
  private long stale;
  private long undecodable;

  RecordApplier(@Nullable ProfileListener listener) {
    this.listener = listener;
  }

  /**
   * Takes one record.
   *
   * @param generation its partition's
   * @throws SubscriberException when the listener throws; the batch must not be written then
   */
  void apply(ConsumerRecord<byte[], byte[]> record, int generation, StoreBatch batch) {
    records++;
    if (record.key() == null) {
      skip(record, "has no key");
      return;
    }
    String userId = new String(record.key(), StandardCharsets.UTF_8);
    StoredProfile known = batch.get(userId);
    UserTagProfile profile;
    try {
      profile = record.value() == null ? null : codec.decode(record.value());
    } catch (MalformedRecordException e) {
      if (e.getCause() instanceof SecurityException refused) {
        // No record could be read: that is no fault of this one.
        throw new SubscriberException("Avro does not trust a class: " + refused.getMessage(), e);
      }
      skip(record, e.getMessage());
      seen(userId, known, record.partition(), generation, batch);
      return;
    }
    StoredProfile next = profile == null ? null : stored(record, generation, profile);
    switch (ProfileVerdict.of(
        known == null ? null : known.mark(), next == null ? null : next.mark())) {
      case CHANGE -> {
        tell(userId, known, profile, record.timestamp(), place(record));
        batch.put(userId, known, next);
      }
      case REPEAT -> {
        repeats++;
        if (next != null) {
          batch.put(userId, known, next);
        }
      }
      case STALE -> {
        stale++;
        seen(userId, known, record.partition(), generation, batch);
      }
    }
  }

  private static StoredProfile stored(
      ConsumerRecord<byte[], byte[]> record, int generation, UserTagProfile profile) {
    return new StoredProfile(
        record.partition(),
        generation,
        new Mark(profile.getVersion(), profile.getContentDigest()),
        record.timestamp(),
        record.value());
  }

  /** A user that the topic still names is not forgotten when a partition has been read again. */
  private static void seen(
      String userId,
      @Nullable StoredProfile known,
      int partition,
      int generation,
      StoreBatch batch) {
    if (known != null && known.partition() == partition && known.generation() != generation) {
      batch.put(userId, known, known.seenIn(generation));
    }
  }

  /**
   * Forgets a user without a record.
   *
   * @throws SubscriberException when the listener throws; the batch must not be written then
   */
  void forget(String userId, StoredProfile known, long nowMillis, StoreBatch batch) {
    tell(userId, known, null, nowMillis, "a user whose tombstone was missed");
    batch.put(userId, known, null);
  }

  private void tell(
      String userId,
      @Nullable StoredProfile known,
      @Nullable UserTagProfile after,
      long appendTimeMillis,
      String place) {
    if (listener != null) {
      UserTagProfile before = known == null ? null : decodeKept(codec, known);
      try {
        listener.changed(new ProfileChange(userId, before, after, appendTimeMillis));
      } catch (Exception e) {
        throw new SubscriberException(
            "onChange: threw at %s: %s; the change is told again at the next start"
                .formatted(place, e),
            e);
      }
    }
    changes++;
  }

  /** The profile in what is kept. */
  static UserTagProfile decodeKept(SingleObjectCodec<UserTagProfile> codec, StoredProfile kept) {
    try {
      return codec.decode(kept.profile());
    } catch (MalformedRecordException e) {
      throw new IllegalStateException("kept profile: " + e.getMessage(), e);
    }
  }

  private void skip(ConsumerRecord<byte[], byte[]> record, @Nullable String why) {
    undecodable++;
    LOG.warn("{} is no profile and is skipped: {}", place(record), why);
  }

  private static String place(ConsumerRecord<byte[], byte[]> record) {
    return record.topic() + "-" + record.partition() + "@" + record.offset();
  }

  long records() {
    return records;
  }

  long changes() {
    return changes;
  }

  long repeats() {
    return repeats;
  }

  long stale() {
    return stale;
  }

  long undecodable() {
    return undecodable;
  }
}

package io.tagstream.it;

import static io.tagstream.schemas.DeadLetterReason.UNREADABLE;

import io.tagstream.it.Mutation.Spoilt;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;

/** Avro single objects with the canonical schemas. */
final class SingleObjectWire implements Wire {

  private static final int MARKER = 2;
  private static final int HEADER = 10;

  @Override
  public String settings() {
    return "";
  }

  @Override
  public byte[] encode(Topic topic, SpecificRecordBase record, Random random) {
    return EventTopics.encode(record);
  }

  @Override
  public List<Mutation> mutations() {
    List<Mutation> mutations = new ArrayList<>(new AvroBytes(this, HEADER).mutations());
    mutations.add(new Mutation("wrong marker", (good, random) -> header(good, 0, random)));
    mutations.add(new Mutation("unknown schema", (good, random) -> header(good, MARKER, random)));
    return mutations;
  }

  /** Another byte in the marker or in the schema's fingerprint. */
  private static Spoilt header(WorldEvent good, int from, Random random) {
    byte[] value = EventTopics.encode(good.record());
    int at = from + random.nextInt(from == 0 ? MARKER : HEADER - MARKER);
    value[at] ^= (byte) (1 + random.nextInt(255));
    return Spoilt.of(good, value, UNREADABLE);
  }

  @Override
  public Set<DeadLetterReason> ownReasons() {
    return Set.of();
  }

  @Override
  public boolean tellsAnyTag() {
    return true;
  }
}

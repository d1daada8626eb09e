package io.tagstream.launcher.world;

import io.tagstream.schemas.Topic;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * One event, ready for its topic.
 *
 * @param topic where it goes; {@code record} is of the topic's record class
 * @param key the record's Kafka key: the user id
 * @param eventTimeMillis the record's event time, milliseconds since the epoch
 * @param record the record; its lists and maps may be shared between records, so read only
 */
public record WorldEvent(
    Topic topic, String key, long eventTimeMillis, SpecificRecordBase record) {}

package io.tagstream.it;

import static io.tagstream.schemas.DeadLetterReason.INCOMPATIBLE_SCHEMA;
import static io.tagstream.schemas.DeadLetterReason.UNKNOWN_SCHEMA;
import static io.tagstream.schemas.DeadLetterReason.UNREADABLE;

import io.tagstream.ingestion.decode.registry.RegistryServer;
import io.tagstream.it.Mutation.Spoilt;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Topic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Avro behind the id of a schema in a registry. Three schemas of each topic are registered: the
 * canonical one, one with another field in front, which is as good, and one that says nothing of
 * times, which cannot be read.
 */
final class RegistryWire implements Wire {

  private static final int HEADER = 5;
  private static final int EXTENDED = 100;
  private static final int TIMELESS = 200;
  private static final int OF_ANOTHER_TYPE = 300;
  private static final int BROKEN = 301;
  private static final int UNKNOWN = 1_000;
  private static final String ADDED = "campaign";

  private final String url;

  RegistryWire(RegistryServer server) {
    this.url = server.url();
    for (Topic topic : Topic.inputs()) {
      server.put(id(topic), topic.schema().toString());
      server.put(EXTENDED + id(topic), extended(topic).toString());
      server.put(TIMELESS + id(topic), timeless(topic).toString());
    }
    server.putOfType(OF_ANOTHER_TYPE, "PROTOBUF", "syntax = \"proto3\";");
    server.put(BROKEN, "{\"type\": \"recor\"}");
  }

  @Override
  public String settings() {
    return Topic.inputs().stream()
            .map(topic -> "formats." + topic.defaultName() + ": avro-registry\n")
            .collect(Collectors.joining())
        + "schema-registry.url: "
        + url
        + "\n";
  }

  @Override
  public byte[] encode(Topic topic, SpecificRecordBase record, Random random) {
    if (random.nextInt(4) > 0) {
      return framed(id(topic), AvroBytes.body(record, topic.schema()));
    }
    Schema schema = extended(topic);
    GenericRecord other = new GenericData.Record(schema);
    other.put(ADDED, "spring");
    record
        .getSchema()
        .getFields()
        .forEach(field -> other.put(field.name(), record.get(field.pos())));
    return framed(EXTENDED + id(topic), AvroBytes.body(other, schema));
  }

  @Override
  public List<Mutation> mutations() {
    List<Mutation> mutations = new ArrayList<>(new AvroBytes(this, HEADER).mutations());
    mutations.add(new Mutation("wrong magic", this::wrongMagic));
    mutations.add(
        new Mutation(
            "unknown schema id",
            (good, random) -> withId(good, UNKNOWN + random.nextInt(20), UNKNOWN_SCHEMA)));
    mutations.add(
        new Mutation(
            "no Avro schema",
            (good, random) ->
                withId(good, random.nextBoolean() ? OF_ANOTHER_TYPE : BROKEN, UNKNOWN_SCHEMA)));
    mutations.add(
        new Mutation(
            "schema without times",
            (good, random) -> withId(good, TIMELESS + id(good.topic()), INCOMPATIBLE_SCHEMA)));
    mutations.add(new Mutation("schema of another topic", RegistryWire::ofAnotherTopic));
    return mutations;
  }

  private Spoilt wrongMagic(WorldEvent good, Random random) {
    byte[] value = encode(good.topic(), good.record(), random);
    value[0] = (byte) (1 + random.nextInt(255));
    return Spoilt.of(good, value, UNREADABLE);
  }

  private static Spoilt ofAnotherTopic(WorldEvent good, Random random) {
    List<Topic> others = Topic.inputs().stream().filter(topic -> topic != good.topic()).toList();
    return withId(good, id(others.get(random.nextInt(others.size()))), INCOMPATIBLE_SCHEMA);
  }

  private static Spoilt withId(WorldEvent good, int id, DeadLetterReason reason) {
    byte[] body = AvroBytes.body(good.record(), good.topic().schema());
    return Spoilt.of(good, framed(id, body), reason);
  }

  private static int id(Topic topic) {
    return Topic.inputs().indexOf(topic);
  }

  private static byte[] framed(int id, byte[] body) {
    return ByteBuffer.allocate(HEADER + body.length).put((byte) 0).putInt(id).put(body).array();
  }

  private static Schema extended(Topic topic) {
    List<Schema.Field> fields = new ArrayList<>();
    fields.add(new Schema.Field(ADDED, Schema.create(Schema.Type.STRING)));
    topic.schema().getFields().forEach(field -> fields.add(copy(field)));
    return named(topic, fields);
  }

  private static Schema timeless(Topic topic) {
    return named(
        topic,
        topic.schema().getFields().stream()
            .filter(field -> !field.name().equals("eventTimeMillis"))
            .map(RegistryWire::copy)
            .toList());
  }

  private static Schema.Field copy(Schema.Field field) {
    return new Schema.Field(field, field.schema());
  }

  private static Schema named(Topic topic, List<Schema.Field> fields) {
    return Schema.createRecord(topic.schema().getName(), null, "com.example", false, fields);
  }

  @Override
  public Set<DeadLetterReason> ownReasons() {
    return Set.of(INCOMPATIBLE_SCHEMA, UNKNOWN_SCHEMA);
  }

  @Override
  public boolean tellsAnyTag() {
    return true;
  }
}

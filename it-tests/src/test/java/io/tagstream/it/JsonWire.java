package io.tagstream.it;

import static io.tagstream.schemas.DeadLetterReason.UNMAPPABLE;
import static io.tagstream.schemas.DeadLetterReason.UNREADABLE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.tagstream.it.Mutation.Spoilt;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** JSON objects of some shape. */
final class JsonWire implements Wire {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Deeper than any parser follows by default, and not so deep. */
  private static final int TOO_DEEP = 5_000;

  private static final int DEEP = 300;

  private static final String INFINITE = "1e400";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Values that no field of this type can take, whatever unit it is mapped with. */
  private static final Map<Schema.Type, List<JsonNode>> MISFITS =
      Map.of(
          Schema.Type.STRING,
          List.of(NODES.objectNode(), NODES.arrayNode().add("u"), NODES.numberNode(1.5)),
          Schema.Type.LONG,
          List.of(NODES.textNode("yesterday"), NODES.objectNode(), NODES.textNode("1e999999999")),
          Schema.Type.INT,
          List.of(NODES.textNode("first"), NODES.numberNode(3_000_000_000L), NODES.arrayNode()),
          Schema.Type.DOUBLE,
          List.of(NODES.textNode("NaN"), NODES.booleanNode(true), NODES.objectNode()),
          Schema.Type.ARRAY,
          List.of(NODES.objectNode(), NODES.numberNode(7), NODES.booleanNode(false)));

  private final JsonShape shape;

  JsonWire(JsonShape shape) {
    this.shape = shape;
  }

  @Override
  public String settings() {
    return Topic.inputs().stream()
            .map(topic -> "formats." + topic.defaultName() + ": json\n")
            .collect(Collectors.joining())
        + shape.mapping();
  }

  @Override
  public byte[] encode(Topic topic, SpecificRecordBase record, Random random) {
    ObjectNode tree = tree(topic, record);
    switch (random.nextInt(8)) {
      case 0 -> tree.put("trace", "ünknown \"field\"");
      case 1 -> tree.set("nested", nested(DEEP));
      default -> {}
    }
    try {
      return random.nextInt(8) == 0
          ? JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree)
          : JSON.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A number that is too large is written as text: as a number it would be none. */
  private ObjectNode tree(Topic topic, SpecificRecordBase record) {
    ObjectNode tree = shape.tree(topic, record);
    Schema.Field worth = record.getSchema().getField("value");
    if (worth != null && Double.isInfinite((double) record.get(worth.pos()))) {
      set(tree, shape.path(topic, "value"), TextNode.valueOf(INFINITE));
    }
    return tree;
  }

  @Override
  public List<Mutation> mutations() {
    return List.of(
        new Mutation("truncated", this::truncated),
        new Mutation("flipped", this::flipped),
        new Mutation("more behind", this::moreBehind),
        new Mutation("a name twice", (good, random) -> opened(good, "\"a\":1,\"a\":2,")),
        new Mutation("nested too deeply", (good, random) -> opened(good, TOO_DEEPLY)),
        new Mutation("no UTF-8", this::noUtf8),
        new Mutation("half a character", this::halfACharacter),
        new Mutation("no object", JsonWire::noObject),
        new Mutation("wrong type", this::wrongType),
        new Mutation("missing field", (good, random) -> withoutField(good, null, random)),
        new Mutation("null field", (good, random) -> withoutField(good, NODES.nullNode(), random)));
  }

  private static final String TOO_DEEPLY =
      "\"nested\":" + "[".repeat(TOO_DEEP) + "]".repeat(TOO_DEEP) + ",";

  private static JsonNode nested(int depth) {
    JsonNode node = NODES.numberNode(depth);
    for (int i = 0; i < depth; i++) {
      node = NODES.arrayNode().add(node);
    }
    return node;
  }

  private Spoilt truncated(WorldEvent good, Random random) {
    byte[] value = encode(good.topic(), good.record(), random);
    return Spoilt.of(good, Arrays.copyOf(value, random.nextInt(value.length)), UNREADABLE);
  }

  /** Only what another parser takes for no JSON: all else may mean anything. */
  private @Nullable Spoilt flipped(WorldEvent good, Random random) throws IOException {
    byte[] value = encode(good.topic(), good.record(), random);
    value[random.nextInt(value.length)] ^= (byte) (1 + random.nextInt(255));
    try {
      JSON.readTree(value);
      return null;
    } catch (JsonProcessingException e) {
      return Spoilt.of(good, value, UNREADABLE);
    }
  }

  private Spoilt moreBehind(WorldEvent good, Random random) {
    byte[] value = encode(good.topic(), good.record(), random);
    byte[] more = Mutation.bytes(random.nextBoolean() ? "{}" : " ]");
    byte[] both = Arrays.copyOf(value, value.length + more.length);
    System.arraycopy(more, 0, both, value.length, more.length);
    return Spoilt.of(good, both, UNREADABLE);
  }

  /** With something before the first name. */
  private Spoilt opened(WorldEvent good, String before) throws IOException {
    byte[] value = JSON.writeValueAsBytes(tree(good.topic(), good.record()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write('{');
    bytes.write(Mutation.bytes(before));
    bytes.write(value, 1, value.length - 1);
    return Spoilt.of(good, bytes.toByteArray(), UNREADABLE);
  }

  private Spoilt noUtf8(WorldEvent good, Random random) throws IOException {
    byte[] value = opened(good, "\"text\":\"-\",").value();
    value["{\"text\":\"".length()] = (byte) (0xF8 + random.nextInt(8));
    return Spoilt.of(good, value, UNREADABLE);
  }

  /** One half of a pair can be written as JSON, and is no text in any encoding. */
  private Spoilt halfACharacter(WorldEvent good, Random random) throws IOException {
    String owner = good.topic() == Topic.ITEMS ? "itemId" : "userId";
    String half = String.valueOf((char) (Character.MIN_SURROGATE + random.nextInt(2_048)));
    ObjectNode tree = tree(good.topic(), good.record());
    set(tree, shape.path(good.topic(), owner), TextNode.valueOf("half"));
    String json = JSON.writeValueAsString(tree);
    String escaped = String.format("\"\\u%04x\"", (int) half.charAt(0));
    byte[] value = Mutation.bytes(json.replace("\"half\"", escaped));
    return new Spoilt(Mutation.bytes(half), value, Set.of(UNMAPPABLE), null);
  }

  private static Spoilt noObject(WorldEvent good, Random random) {
    List<String> others = List.of("", " ", "null", "17", "[]", "\"text\"", "[{}]", "true");
    return Spoilt.of(good, Mutation.bytes(others.get(random.nextInt(others.size()))), UNREADABLE);
  }

  private @Nullable Spoilt wrongType(WorldEvent good, Random random) throws IOException {
    List<Schema.Field> fields = good.topic().schema().getFields();
    Schema.Field field = fields.get(random.nextInt(fields.size()));
    List<JsonNode> misfits = MISFITS.get(type(field.schema()));
    if (misfits == null) {
      return null;
    }
    ObjectNode tree = tree(good.topic(), good.record());
    set(tree, shape.path(good.topic(), field.name()), misfits.get(random.nextInt(misfits.size())));
    return Spoilt.of(good, JSON.writeValueAsBytes(tree), UNMAPPABLE);
  }

  private static Schema.Type type(Schema schema) {
    return schema.isUnion() ? schema.getTypes().get(1).getType() : schema.getType();
  }

  /** Without a required field, or with another value there. */
  private Spoilt withoutField(WorldEvent good, @Nullable JsonNode instead, Random random)
      throws IOException {
    List<String> required =
        good.topic().schema().getFields().stream()
            .filter(field -> !field.hasDefaultValue())
            .map(Schema.Field::name)
            .toList();
    ObjectNode tree = tree(good.topic(), good.record());
    String path = shape.path(good.topic(), required.get(random.nextInt(required.size())));
    set(tree, path, instead);
    return Spoilt.of(good, JSON.writeValueAsBytes(tree), UNMAPPABLE);
  }

  /** Sets a value at a path, or removes what is there. */
  private static void set(ObjectNode tree, String path, @Nullable JsonNode value) {
    String[] names = path.split("\\.", -1);
    ObjectNode parent = tree;
    for (int i = 0; i < names.length - 1; i++) {
      parent = parent.withObjectProperty(names[i]);
    }
    if (value == null) {
      parent.remove(names[names.length - 1]);
    } else {
      parent.set(names[names.length - 1], value);
    }
  }

  @Override
  public Set<DeadLetterReason> ownReasons() {
    return Set.of(UNMAPPABLE);
  }

  @Override
  public boolean tellsAnyTag() {
    return shape instanceof CanonicalJson;
  }
}

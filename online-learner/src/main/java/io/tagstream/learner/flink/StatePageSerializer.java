package io.tagstream.learner.flink;

import io.tagstream.learner.embedding.RowPage;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Serializes {@link StatePage}s, and copies them by returning them: Flink copies operator state
 * element by element in the synchronous phase of a checkpoint, which would double the model and
 * stop the stream meanwhile.
 *
 * <p>Layout 1, big-endian: version (byte), kind (byte: 1 rows, 2 piece); rows as {@link
 * RowPage#writeTo} writes them; a piece as part (int), number (int), length (int), bytes.
 */
final class StatePageSerializer extends TypeSerializerSingleton<StatePage> {

  private static final long serialVersionUID = 1L;

  static final StatePageSerializer INSTANCE = new StatePageSerializer();

  private static final int VERSION = 1;
  private static final int ROWS = 1;
  private static final int PIECE = 2;

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public StatePage createInstance() {
    return new StatePage.Piece(0, 0, new byte[0]);
  }

  @Override
  public StatePage copy(StatePage from) {
    return from;
  }

  @Override
  public StatePage copy(StatePage from, StatePage reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(StatePage page, DataOutputView target) throws IOException {
    target.writeByte(VERSION);
    if (page instanceof StatePage.Rows rows) {
      target.writeByte(ROWS);
      rows.page().writeTo(target);
    } else if (page instanceof StatePage.Piece piece) {
      target.writeByte(PIECE);
      target.writeInt(piece.part());
      target.writeInt(piece.number());
      target.writeInt(piece.bytes().length);
      target.write(piece.bytes());
    }
  }

  @Override
  public StatePage deserialize(DataInputView source) throws IOException {
    int version = source.readByte();
    if (version != VERSION) {
      throw new IOException("learner state: page version " + version + " - known is " + VERSION);
    }
    int kind = source.readByte();
    return switch (kind) {
      case ROWS -> new StatePage.Rows(RowPage.readFrom(source));
      case PIECE -> piece(source);
      default -> throw new IOException("learner state: page kind " + kind + " - known are 1 and 2");
    };
  }

  private static StatePage piece(DataInputView source) throws IOException {
    int part = source.readInt();
    int number = source.readInt();
    int length = source.readInt();
    if (length < 0 || length > StatePage.PIECE_BYTES) {
      throw new IOException("learner state: piece of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    source.readFully(bytes);
    return new StatePage.Piece(part, number, bytes);
  }

  @Override
  public StatePage deserialize(StatePage reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<StatePage> snapshotConfiguration() {
    return new Snapshot();
  }

  /** The serializer's own snapshot; the layout's version is in every page. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<StatePage> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}

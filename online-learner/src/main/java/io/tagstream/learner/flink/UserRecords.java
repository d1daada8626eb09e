package io.tagstream.learner.flink;

import io.tagstream.learner.assembly.BatchLearner;
import io.tagstream.learner.stage.UserRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ValueState;

/**
 * The keyed state of a flush's users: each is read once, shared by all rows of the user, and
 * written once.
 */
final class UserRecords implements BatchLearner.Users {

  private final ValueState<byte[]> state;
  private final Consumer<String> setKey;
  private final int tasks;
  private final Map<String, UserRecord> local = new LinkedHashMap<>();

  /**
   * Records in this state.
   *
   * @param state keyed by user
   * @param setKey makes a user the state's current key
   * @param tasks number of tasks
   */
  UserRecords(ValueState<byte[]> state, Consumer<String> setKey, int tasks) {
    this.state = state;
    this.setKey = setKey;
    this.tasks = tasks;
  }

  @Override
  public UserRecord of(String userId) {
    return local.computeIfAbsent(userId, this::read);
  }

  private UserRecord read(String userId) {
    setKey.accept(userId);
    try {
      byte[] bytes = state.value();
      return bytes == null ? new UserRecord(tasks) : UserRecord.fromBytes(bytes, tasks);
    } catch (IOException e) {
      throw new UncheckedIOException("state of user " + userId, e);
    }
  }

  /** Forgets the user's record. */
  void clear(String userId) {
    local.remove(userId);
    setKey.accept(userId);
    state.clear();
  }

  /** Throws away what was changed since the last {@link #write}. */
  void discard() {
    local.clear();
  }

  /** Writes every record read since the last call. */
  void write() throws IOException {
    for (Map.Entry<String, UserRecord> entry : local.entrySet()) {
      setKey.accept(entry.getKey());
      state.update(entry.getValue().toBytes());
    }
    local.clear();
  }
}

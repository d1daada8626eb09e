package io.tagstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.subscriber.ProfileVerdict.Mark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksObject;

class ProfileStoreTest {

  @TempDir Path folder;

  private ProfileStore open() {
    return new ProfileStore(folder.resolve("store"), 1 << 20, 1 << 20);
  }

  private static StoredProfile kept(int version) {
    return new StoredProfile(0, 0, new Mark(version, 7), 1, new byte[] {1, 2});
  }

  @Test
  void keepsWhatIsWrittenTogether() {
    StoreIdentity identity = new StoreIdentity(new Uuid(1, 2), 3, StartFrom.NOW, "t");
    PartitionProgress progress = new PartitionProgress(8, 0, PartitionProgress.NO_SWEEP, 5);
    try (ProfileStore store = open()) {
      assertThat(store.identity()).isNull();
      assertThat(store.progress()).isEmpty();
      StoreBatch batch = new StoreBatch(store);
      batch.put(identity);
      batch.put(300, progress);
      batch.put("ü", null, kept(1));
      batch.put("u", null, kept(2));
      assertThat(batch.get("u").mark().version()).isEqualTo(2);
      assertThat(store.get("u")).as("before it is written").isNull();
      batch.write();
    }
    try (ProfileStore store = open()) {
      assertThat(store.identity()).isEqualTo(identity);
      assertThat(store.progress()).containsOnlyKeys(300).containsEntry(300, progress);
      assertThat(store.users()).isEqualTo(2);
      assertThat(store.get("ü").mark()).isEqualTo(new Mark(1, 7));
      StoreBatch batch = new StoreBatch(store);
      batch.put("u", batch.get("u"), null);
      assertThat(batch.get("u")).isNull();
      batch.write();
      assertThat(store.users()).isEqualTo(1);
      List<String> users = new ArrayList<>();
      store.forEachUser((userId, kept) -> users.add(userId));
      assertThat(users).containsExactly("ü");
    }
  }

  @Test
  void freesItsNativeMemory() {
    ProfileStore store = open();
    List<RocksObject> natives = store.natives();
    assertThat(natives)
        .as("cache, filter, options, options of writes, database")
        .hasSize(5)
        .allMatch(RocksObject::isOwningHandle);
    store.close();
    assertThat(natives).noneMatch(RocksObject::isOwningHandle);
    store.close();
    assertThatThrownBy(() -> store.get("u"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aDirectoryIsOneSubscribersOwn() throws Exception {
    try (ProfileStore store = open()) {
      assertThat(store.users()).isZero();
      assertThatThrownBy(this::open)
          .isInstanceOf(SubscriberException.class)
          .hasMessageContaining("directory: " + folder.resolve("store"))
          .hasMessageContaining("is another subscriber using it?");
    }
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> new ProfileStore(file, 1 << 20, 1 << 20))
        .isInstanceOf(SubscriberException.class)
        .hasMessageContaining("directory: " + file + " - cannot be made");
  }
}

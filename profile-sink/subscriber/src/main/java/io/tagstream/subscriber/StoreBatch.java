package io.tagstream.subscriber;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is written together, and what is known with it before it is written. Not thread-safe: the
 * writing thread's own.
 */
final class StoreBatch {

  private final ProfileStore store;
  private final Map<String, @Nullable StoredProfile> profiles = new HashMap<>();
  private final Map<Integer, PartitionProgress> progress = new HashMap<>();
  private @Nullable StoreIdentity identity;
  private long moreUsers;

  StoreBatch(ProfileStore store) {
    this.store = store;
  }

  /** What is known of a user with this batch; null when nothing is. */
  @Nullable StoredProfile get(String userId) {
    return profiles.containsKey(userId) ? profiles.get(userId) : store.get(userId);
  }

  /**
   * Replaces what is known of a user.
   *
   * @param known as {@link #get} gave it
   * @param next null to forget
   */
  void put(String userId, @Nullable StoredProfile known, @Nullable StoredProfile next) {
    moreUsers += (next == null ? 0 : 1) - (known == null ? 0 : 1);
    profiles.put(userId, next);
  }

  void put(int partition, PartitionProgress next) {
    progress.put(partition, next);
  }

  void put(StoreIdentity next) {
    identity = next;
  }

  Map<String, @Nullable StoredProfile> profiles() {
    return profiles;
  }

  Map<Integer, PartitionProgress> progress() {
    return progress;
  }

  @Nullable StoreIdentity identity() {
    return identity;
  }

  /** By how much the number of users grows. */
  long moreUsers() {
    return moreUsers;
  }

  /** Number of users changed. */
  int size() {
    return profiles.size();
  }

  /** Writes what it holds, all or nothing, and is empty afterwards. */
  void write() {
    if (!profiles.isEmpty() || !progress.isEmpty() || identity != null) {
      store.write(this);
    }
    profiles.clear();
    progress.clear();
    identity = null;
    moreUsers = 0;
  }
}

package io.tagstream.subscriber;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Profiles and progress in one RocksDB, so that one batch writes both or neither. Keys:
 *
 * <pre>
 * 'i'                  identity of the topic
 * 'n'                  i64 number of users
 * 'p' i32 partition    progress of the partition
 * 'u' user id, UTF-8   kept profile
 * </pre>
 *
 * <p>One thread writes; any may look up. This object owns all native memory of the database.
 */
final class ProfileStore implements AutoCloseable {

  private static final byte[] IDENTITY = {'i'};
  private static final byte[] USERS = {'n'};
  private static final byte PROGRESS = 'p';
  private static final byte USER = 'u';

  private static final int BLOCK_BYTES = 8 << 10;
  private static final int FILTER_BITS = 10;
  private static final int OPEN_FILES = 256;

  /**
   * A file's index takes 200 kB: in shards of half a megabyte, which is usual, they drive each
   * other out.
   */
  private static final int CACHE_SHARD_BITS = 2;

  private static final double CACHE_SHARE_OF_INDEXES = 0.5;
  private static final long INFO_LOG_BYTES = 1 << 20;

  private final Path directory;
  private final Deque<RocksObject> natives = new ArrayDeque<>();
  private final WriteOptions writeOptions;
  private final RocksDB database;
  private long users;

  /** Held for reading by look-ups: a read of a closed database ends the process. */
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  private boolean closed;

  /**
   * Opens or makes a store.
   *
   * @param cacheBytes for blocks, filters and indexes that were read
   * @param writeBufferBytes what is not yet in files; twice that while it is written to one
   * @throws SubscriberException when the directory cannot be used
   */
  ProfileStore(Path directory, long cacheBytes, long writeBufferBytes) {
    this.directory = directory;
    RocksDB.loadLibrary();
    try {
      Files.createDirectories(directory);
      LRUCache cache =
          own(new LRUCache(cacheBytes, CACHE_SHARD_BITS, false, CACHE_SHARE_OF_INDEXES));
      BlockBasedTableConfig table =
          new BlockBasedTableConfig()
              .setBlockCache(cache)
              .setBlockSize(BLOCK_BYTES)
              // Else their memory grows with the number of users, outside any bound.
              .setCacheIndexAndFilterBlocks(true)
              .setCacheIndexAndFilterBlocksWithHighPriority(true)
              .setPinL0FilterAndIndexBlocksInCache(true)
              .setFilterPolicy(own(new BloomFilter(FILTER_BITS)));
      Options options =
          own(new Options())
              .setCreateIfMissing(true)
              .setTableFormatConfig(table)
              .setCompressionType(CompressionType.LZ4_COMPRESSION)
              .setWriteBufferSize(writeBufferBytes)
              .setMaxWriteBufferNumber(2)
              .setMaxOpenFiles(OPEN_FILES)
              .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
              .setMaxLogFileSize(INFO_LOG_BYTES)
              .setKeepLogFileNum(2);
      writeOptions = own(new WriteOptions());
      database = own(RocksDB.open(options, directory.toString()));
      byte[] count = database.get(USERS);
      users = count == null ? 0 : ByteBuffer.wrap(count).getLong();
    } catch (IOException e) {
      closeNatives();
      throw new SubscriberException(
          "directory: %s - cannot be made: %s".formatted(directory, e), e);
    } catch (RocksDBException e) {
      closeNatives();
      throw new SubscriberException(
          "directory: %s - cannot be opened: %s; is another subscriber using it?"
              .formatted(directory, e.getMessage()),
          e);
    }
  }

  private <T extends RocksObject> T own(T created) {
    natives.push(created);
    return created;
  }

  /** What this store holds natively. */
  List<RocksObject> natives() {
    return List.copyOf(natives);
  }

  /** Number of users with a profile. */
  long users() {
    return users;
  }

  /** Whose profiles these are; null in a new store. */
  @Nullable StoreIdentity identity() {
    byte[] bytes = read(IDENTITY);
    return bytes == null ? null : decoded(bytes, StoreIdentity::decode);
  }

  /** How far every partition has been read. */
  Map<Integer, PartitionProgress> progress() {
    Map<Integer, PartitionProgress> progress = new TreeMap<>();
    scan(
        PROGRESS,
        (key, value) -> {
          progress.put(
              ByteBuffer.wrap(key, 1, Integer.BYTES).getInt(),
              decoded(value, PartitionProgress::decode));
          return true;
        });
    return progress;
  }

  /** What is kept of a user, by any thread; null when nothing is. */
  @Nullable StoredProfile get(String userId) {
    byte[] bytes = read(userKey(userId));
    return bytes == null ? null : decoded(bytes, StoredProfile::decode);
  }

  /**
   * Goes through the users as they are now, in the order of their keys; by the writing thread.
   *
   * @param visitor returns false to end
   */
  void forEachUser(BiPredicate<String, StoredProfile> visitor) {
    scan(
        USER,
        (key, value) ->
            visitor.test(
                new String(key, 1, key.length - 1, StandardCharsets.UTF_8),
                decoded(value, StoredProfile::decode)));
  }

  private <T> T decoded(byte[] bytes, Function<byte[], T> codec) {
    try {
      return codec.apply(bytes);
    } catch (IllegalStateException e) {
      throw new SubscriberException("directory: " + directory + " - " + e.getMessage(), e);
    }
  }

  private void scan(byte prefix, BiPredicate<byte[], byte[]> visitor) {
    try (RocksIterator iterator = database.newIterator()) {
      iterator.seek(new byte[] {prefix});
      while (iterator.isValid()
          && iterator.key()[0] == prefix
          && visitor.test(iterator.key(), iterator.value())) {
        iterator.next();
      }
      iterator.status();
    } catch (RocksDBException e) {
      throw failure("read", e);
    }
  }

  private byte @Nullable [] read(byte[] key) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the subscriber is closed");
      }
      return database.get(key);
    } catch (RocksDBException e) {
      throw failure("read", e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Writes all or nothing. A killed process loses nothing of it; a machine that loses power may
   * lose the last batches, profiles and progress together.
   */
  void write(StoreBatch changes) {
    try (WriteBatch batch = new WriteBatch()) {
      StoreIdentity identity = changes.identity();
      if (identity != null) {
        batch.put(IDENTITY, identity.encode());
      }
      for (Map.Entry<Integer, PartitionProgress> each : changes.progress().entrySet()) {
        batch.put(progressKey(each.getKey()), each.getValue().encode());
      }
      for (Map.Entry<String, @Nullable StoredProfile> each : changes.profiles().entrySet()) {
        StoredProfile profile = each.getValue();
        if (profile == null) {
          batch.delete(userKey(each.getKey()));
        } else {
          batch.put(userKey(each.getKey()), profile.encode());
        }
      }
      long counted = users + changes.moreUsers();
      batch.put(USERS, ByteBuffer.allocate(Long.BYTES).putLong(counted).array());
      database.write(writeOptions, batch);
      users = counted;
    } catch (RocksDBException e) {
      throw failure("written", e);
    }
  }

  private SubscriberException failure(String verb, RocksDBException cause) {
    return new SubscriberException(
        "directory: %s - cannot be %s: %s".formatted(directory, verb, cause.getMessage()), cause);
  }

  private static byte[] progressKey(int partition) {
    return ByteBuffer.allocate(1 + Integer.BYTES).put(PROGRESS).putInt(partition).array();
  }

  private static byte[] userKey(String userId) {
    byte[] id = userId.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + id.length).put(USER).put(id).array();
  }

  /** Ends look-ups and frees the native memory. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
      closeNatives();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void closeNatives() {
    // The database before what it was opened with.
    natives.forEach(RocksObject::close);
  }
}

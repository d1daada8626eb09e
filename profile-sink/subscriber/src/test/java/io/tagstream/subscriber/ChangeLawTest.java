package io.tagstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.schemas.UserTagProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * However the log is cut into polls, repeated, interrupted and begun again: what is kept, and what
 * a listener knows that remembers the last it was told of each user, is the log's last version.
 */
class ChangeLawTest {

  /**
   * One record of the log.
   *
   * @param version null for a tombstone
   */
  record Entry(String userId, Long version) {}

  /** How the log is read: polls of these sizes; the listener throws at that change of each run. */
  record Reading(List<Integer> polls, List<Integer> failures) {}

  private final Map<String, Long> told = new HashMap<>();
  private int tellings;
  private int failAt;

  @Provide
  Arbitrary<List<Entry>> logs() {
    Arbitrary<String> users = Arbitraries.of("a", "b", "c");
    Arbitrary<Integer> kinds = Arbitraries.integers().between(0, 5);
    return Combinators.combine(users, kinds)
        .as((user, kind) -> Map.entry(user, kind))
        .list()
        .ofMaxSize(40)
        .map(ChangeLawTest::log);
  }

  /** Versions of a user never go back, but records with older ones may come again. */
  private static List<Entry> log(List<Map.Entry<String, Integer>> steps) {
    List<Entry> log = new ArrayList<>();
    Map<String, Long> newest = new HashMap<>();
    for (Map.Entry<String, Integer> step : steps) {
      String user = step.getKey();
      long version = newest.getOrDefault(user, 0L);
      switch (step.getValue()) {
        case 0 -> log.add(new Entry(user, null));
        case 1 -> {
          if (version > 0 && isKnown(log, user)) {
            log.add(new Entry(user, version - 1));
          }
        }
        default -> {
          newest.put(user, version + 1);
          log.add(new Entry(user, version + 1));
        }
      }
    }
    return log;
  }

  private static boolean isKnown(List<Entry> log, String user) {
    return naive(log).containsKey(user);
  }

  private static Map<String, Long> naive(List<Entry> log) {
    Map<String, Long> last = new HashMap<>();
    for (Entry entry : log) {
      if (entry.version == null) {
        last.remove(entry.userId);
      } else {
        last.merge(entry.userId, entry.version, Math::max);
      }
    }
    return last;
  }

  @Provide
  Arbitrary<Reading> readings() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 7).list().ofMinSize(1).ofMaxSize(8),
            Arbitraries.integers().between(1, 12).list().ofMaxSize(3))
        .as(Reading::new);
  }

  @Property(tries = 30, seed = "20")
  void theLastVersionWins(
      @ForAll("logs") List<Entry> log, @ForAll("readings") Reading reading, @ForAll boolean again)
      throws Exception {
    told.clear();
    Path folder = Files.createTempDirectory("law");
    try {
      for (int failure : reading.failures) {
        failAt = failure;
        tellings = 0;
        read(folder, log, reading.polls, false);
      }
      failAt = Integer.MAX_VALUE;
      read(folder, log, reading.polls, false);
      if (again) {
        read(folder, log, reading.polls, true);
      }
      try (ProfileStore store = new ProfileStore(folder, 1 << 20, 1 << 20)) {
        Map<String, Long> kept = new HashMap<>();
        store.forEachUser((user, profile) -> kept.put(user, profile.mark().version()) == null);
        assertThat(kept).isEqualTo(naive(log));
        assertThat(store.users()).isEqualTo(kept.size());
      }
      // Digests are coarser than versions: the listener may know an older one of equal content.
      Map<String, Long> contents = new HashMap<>();
      naive(log).forEach((user, version) -> contents.put(user, digest(version)));
      assertThat(told).isEqualTo(contents);
    } finally {
      delete(folder);
    }
  }

  /** From where the store is, or from the beginning; ends at the listener's failure. */
  private void read(Path folder, List<Entry> log, List<Integer> polls, boolean again) {
    try (ProfileStore store = new ProfileStore(folder, 1 << 20, 1 << 20)) {
      RecordApplier applier = new RecordApplier(this::listen);
      PartitionProgress stored = store.progress().get(0);
      int next = stored == null || again ? 0 : (int) stored.nextOffset();
      for (int poll = 0; next < log.size(); poll++) {
        int end = Math.min(log.size(), next + polls.get(poll % polls.size()));
        StoreBatch batch = new StoreBatch(store);
        for (int offset = next; offset < end; offset++) {
          Entry entry = log.get(offset);
          applier.apply(Profiles.record(0, offset, entry.userId, value(entry)), 0, batch);
        }
        batch.put(0, new PartitionProgress(end, 0, PartitionProgress.NO_SWEEP, 0));
        batch.write();
        next = end;
      }
    } catch (SubscriberException e) {
      assertThat(e).hasMessageContaining("is told again at the next start");
    }
  }

  private void listen(ProfileChange change) {
    if (++tellings == failAt) {
      throw new IllegalStateException("as the law wants it");
    }
    UserTagProfile after = change.after();
    if (after == null) {
      assertThat(change.before()).isNotNull();
      told.remove(change.userId());
    } else {
      told.put(change.userId(), after.getContentDigest());
    }
  }

  private static byte[] value(Entry entry) {
    return entry.version == null
        ? null
        : Profiles.bytes(Profiles.profile(entry.userId, entry.version, digest(entry.version)));
  }

  /** Each second version is a repeat of the one before. */
  private static long digest(long version) {
    return version / 2;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(ChangeLawTest::deleteOne);
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

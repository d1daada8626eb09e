package io.tagstream.launcher.evaluation.interactions;

import io.tagstream.launcher.dataset.DatasetFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.commons.csv.CSVFormat;

/**
 * Last.fm (HetRec 2011): a user's tagging of an artist is positive, with the tags that user gave
 * it; tags given fewer than {@value InteractionLog#RARE} times are left out; privileged is the
 * artist. For each there is a negative: an artist this user never tagged, with the tags another
 * user gave it, drawn among all taggings. Times are of a month; within one the file's order stands.
 */
final class LastFmLog {

  private static final String DATASET = "Last.fm (hetrec2011-lastfm-2k)";
  private static final CSVFormat FORMAT =
      CSVFormat.TDF.builder().setHeader().setSkipHeaderRecord(true).get();
  private static final long SEED = 20_260_402L;

  private LastFmLog() {}

  private record Tagging(String user, String artist, long month, Set<String> tags) {}

  static InteractionLog read(Path folder) throws IOException {
    List<Tagging> taggings = taggings(folder);
    Map<String, Set<String>> artistsOf = new HashMap<>();
    taggings.forEach(
        each ->
            artistsOf.computeIfAbsent(each.user(), id -> new LinkedHashSet<>()).add(each.artist()));
    SplittableRandom random = new SplittableRandom(SEED);
    InteractionLog.Builder log = new InteractionLog.Builder();
    for (Tagging tagging : taggings) {
      add(log, tagging, tagging, true);
      Tagging other = taggings.get(random.nextInt(taggings.size()));
      if (!artistsOf.getOrDefault(tagging.user(), Set.of()).contains(other.artist())) {
        add(log, tagging, other, false);
      }
    }
    return log.build("artist");
  }

  private static void add(
      InteractionLog.Builder log, Tagging when, Tagging what, boolean positive) {
    log.add(
        when.user(),
        when.month(),
        new Interaction(
            what.artist(), positive, new ArrayList<>(what.tags()), List.of(what.artist())));
  }

  private static List<Tagging> taggings(Path folder) throws IOException {
    Path file = DatasetFile.find(folder, DATASET, "user_taggedartists.dat").get(0);
    Map<List<String>, Tagging> byUserAndArtist = new LinkedHashMap<>();
    List<String> given = new ArrayList<>();
    DatasetFile.read(
        file,
        FORMAT,
        List.of("userID", "artistID", "tagID", "month", "year"),
        row -> {
          String user = row.get("userID");
          String artist = row.get("artistID");
          long month =
              Long.parseLong(row.get("year").strip()) * 12
                  + Long.parseLong(row.get("month").strip());
          given.add(row.get("tagID"));
          byUserAndArtist
              .computeIfAbsent(
                  List.of(user, artist),
                  key -> new Tagging(user, artist, month, new LinkedHashSet<>()))
              .tags()
              .add(row.get("tagID"));
        });
    Map<String, Integer> counts = InteractionLog.counts(given);
    List<Tagging> kept = new ArrayList<>();
    for (Tagging tagging : byUserAndArtist.values()) {
      tagging.tags().removeIf(tag -> counts.getOrDefault(tag, 0) < InteractionLog.RARE);
      if (!tagging.tags().isEmpty()) {
        kept.add(tagging);
      }
    }
    return kept;
  }
}

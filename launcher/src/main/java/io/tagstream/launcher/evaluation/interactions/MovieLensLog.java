package io.tagstream.launcher.evaluation.interactions;

import io.tagstream.launcher.dataset.DatasetFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVRecord;

/**
 * MovieLens (ml-latest-small): ratings of 4 and more are positive, the others negative; tags are
 * what users called a movie, in lower case, given {@value InteractionLog#RARE} times or more;
 * privileged are its genres. Movies without tags are left out.
 */
final class MovieLensLog {

  private static final String DATASET = "MovieLens (ml-latest-small)";
  private static final double POSITIVE_FROM = 4;

  private MovieLensLog() {}

  static InteractionLog read(Path folder) throws IOException {
    Map<String, List<String>> tags = tags(folder);
    Map<String, List<String>> genres = new HashMap<>();
    table(
        folder,
        "movies.csv",
        List.of("movieId", "genres"),
        row -> genres.put(row.get("movieId"), List.of(row.get("genres").split("\\|", -1))));
    InteractionLog.Builder log = new InteractionLog.Builder();
    table(
        folder,
        "ratings.csv",
        List.of("userId", "movieId", "rating", "timestamp"),
        row -> {
          String movie = row.get("movieId");
          if (tags.containsKey(movie)) {
            log.add(
                row.get("userId"),
                Long.parseLong(row.get("timestamp")),
                new Interaction(
                    movie,
                    Double.parseDouble(row.get("rating")) >= POSITIVE_FROM,
                    tags.getOrDefault(movie, List.of()),
                    genres.getOrDefault(movie, List.of())));
          }
        });
    return log.build("genre");
  }

  private static Map<String, List<String>> tags(Path folder) throws IOException {
    List<String> given = new ArrayList<>();
    Map<String, Set<String>> byMovie = new HashMap<>();
    table(
        folder,
        "tags.csv",
        List.of("movieId", "tag"),
        row -> {
          String tag = row.get("tag").strip().toLowerCase(Locale.ROOT);
          given.add(tag);
          byMovie.computeIfAbsent(row.get("movieId"), id -> new LinkedHashSet<>()).add(tag);
        });
    Map<String, Integer> counts = InteractionLog.counts(given);
    Map<String, List<String>> kept = new HashMap<>();
    byMovie.forEach(
        (movie, tags) -> {
          List<String> frequent =
              tags.stream()
                  .filter(tag -> counts.getOrDefault(tag, 0) >= InteractionLog.RARE)
                  .toList();
          if (!frequent.isEmpty()) {
            kept.put(movie, frequent);
          }
        });
    return kept;
  }

  private static void table(
      Path folder, String name, List<String> columns, Consumer<CSVRecord> rows) throws IOException {
    Path file = DatasetFile.find(folder, DATASET, name).get(0);
    DatasetFile.read(file, DatasetFile.CSV, columns, rows);
  }
}

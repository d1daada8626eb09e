package io.tagstream.launcher.evaluation.interactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.launcher.config.ModelName;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.evaluation.trial.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InteractionEvaluationTest {

  private static final int USERS = 60;
  private static final int MOVIES = 40;
  private static final int TAGS = 8;

  @TempDir private Path folder;

  /** Every movie has two tags; a user likes the movies of one tag. */
  private void writeMovies() throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    List<String> movies = new ArrayList<>(List.of("movieId,title,genres"));
    List<String> tags = new ArrayList<>(List.of("userId,movieId,tag,timestamp"));
    for (int movie = 0; movie < MOVIES; movie++) {
      movies.add(movie + ",Film (1999),Drama|G" + movie % 3);
      tags.add("1," + movie + ",Tag " + movie % TAGS + ",5");
      tags.add("2," + movie + ",tag " + (movie + 1) % TAGS + " ,6");
    }
    tags.add("3,0,rare,7");
    List<String> ratings = new ArrayList<>(List.of("userId,movieId,rating,timestamp"));
    for (int user = 0; user < USERS; user++) {
      for (int n = 0; n < 30; n++) {
        int movie = random.nextInt(MOVIES);
        boolean liked = movie % TAGS == user % TAGS || (movie + 1) % TAGS == user % TAGS;
        ratings.add(user + "," + movie + "," + (liked ? "4.0" : "3.5") + "," + (1000 - n));
      }
    }
    Files.write(folder.resolve("movies.csv"), movies);
    Files.write(folder.resolve("tags.csv"), tags);
    Files.write(folder.resolve("ratings.csv"), ratings);
  }

  @Test
  void moviesHaveTheirFrequentTagsInLowerCase() throws IOException {
    writeMovies();
    InteractionLog log = MovieLensLog.read(folder);
    assertThat(log.byUser()).hasSize(USERS);
    assertThat(log.distinctTags()).isEqualTo(TAGS);
    List<Interaction> first = log.byUser().get("0");
    assertThat(first).hasSize(30);
    for (Interaction each : first) {
      int movie = Integer.parseInt(each.item());
      assertThat(each.tags()).containsExactly("tag " + movie % TAGS, "tag " + (movie + 1) % TAGS);
      assertThat(each.privileged()).containsExactly("Drama", "G" + movie % 3);
      assertThat(each.positive()).isEqualTo(each.tags().contains("tag 0"));
    }
  }

  @Test
  void usersArePartedAndTheNewerFifthIsToBeTold() throws IOException {
    writeMovies();
    InteractionLog log = MovieLensLog.read(folder);
    UserSplit split = UserSplit.of(log, 1);
    Set<String> all = new HashSet<>();
    split.training().forEach(user -> assertThat(all.add(user.id())).isTrue());
    split.validation().forEach(user -> assertThat(all.add(user.id())).isTrue());
    split.test().forEach(user -> assertThat(all.add(user.id())).isTrue());
    assertThat(split.training()).hasSize(USERS - 12 - 4);
    assertThat(split.test()).hasSizeLessThanOrEqualTo(12);
    SplitUser user = split.training().get(0);
    assertThat(user.history()).hasSize(24);
    assertThat(user.samples()).hasSize(6);
    assertThat(UserSplit.of(log, 1)).isEqualTo(split);
    assertThat(UserSplit.of(log, 2)).isNotEqualTo(split);
  }

  @Test
  void baselinesAndNetworksRankTheTagsOfUnseenUsers() throws Exception {
    writeMovies();
    Protocol protocol = InteractionEvaluation.movieLens().open(folder);
    Map<String, Double> popularity = trial(protocol, "popularity");
    Map<String, Double> counts = trial(protocol, "counts");
    Map<String, Double> smoothed = trial(protocol, "smoothed-counts");
    assertThat(counts.get("NDCG@10")).isBetween(popularity.get("NDCG@10"), 1.0);
    assertThat(smoothed.get("NDCG@10")).isBetween(popularity.get("NDCG@10"), 1.0);
    assertThat(counts.get("HR@10")).isEqualTo(1.0);
    Map<String, Double> mvke = trial(protocol, "mvke+own-tags+negatives-3");
    assertThat(mvke.get("NDCG@10")).isGreaterThan(popularity.get("NDCG@10"));
    assertThat(trial(protocol, "mvke+own-tags+negatives-3").get("NDCG@10"))
        .as("the same seed again")
        .isEqualTo(mvke.get("NDCG@10"));
    assertThat(trial(protocol, "ctmvm").get("NDCG@10")).isBetween(0.0, 1.0);
  }

  private static Map<String, Double> trial(Protocol protocol, String method) throws Exception {
    TagstreamConfig config =
        TagstreamConfig.parse("test", protocol.settings(method), ModelName.settingsOf(method), "");
    return protocol.trial(method, config, 1, trained -> {});
  }

  @Test
  void aTaggingIsPositiveAndAnotherUsersIsDrawnAgainstIt() throws IOException {
    List<String> rows = new ArrayList<>(List.of("userID\tartistID\ttagID\tday\tmonth\tyear"));
    for (int user = 0; user < 20; user++) {
      for (int artist = 0; artist < 5; artist++) {
        rows.add(user + "\t" + (user + artist) + "\t" + artist + "\t1\t" + (1 + artist) + "\t2009");
      }
    }
    rows.add("0\t0\t99\t1\t1\t2009");
    Files.write(folder.resolve("user_taggedartists.dat"), rows);
    InteractionLog log = LastFmLog.read(folder);
    List<Interaction> own = log.byUser().get("0");
    assertThat(own.stream().filter(Interaction::positive).map(Interaction::item))
        .containsExactly("0", "1", "2", "3", "4");
    assertThat(own.get(0).tags()).as("without the rare one").containsExactly("0");
    assertThat(own.stream().filter(each -> !each.positive()).map(Interaction::item))
        .isNotEmpty()
        .doesNotContain("0", "1", "2", "3", "4");
  }

  @Test
  void wrongNamesFoldersAndRowsAreNamed() throws IOException {
    assertThatThrownBy(() -> InteractionEvaluation.lastFm().open(folder))
        .hasMessageContaining("holds no user_taggedartists.dat");
    writeMovies();
    Path ratings = folder.resolve("ratings.csv");
    Files.writeString(ratings, "userId,movieId,rating,timestamp\n1,0,4.0,5\n1,1,good,6\n");
    assertThatThrownBy(() -> InteractionEvaluation.movieLens().open(folder))
        .hasMessageContaining("ratings.csv - row 2 is not as published")
        .hasMessageContaining("good");
    for (String variation : ModelName.VARIATIONS.replace("-N", "-3").split(", ", -1)) {
      assertThat(ModelName.parse("mvke+" + variation).settings()).as(variation).contains(": ");
    }
    assertThatThrownBy(() -> ModelName.parse("mvke+turbo"))
        .hasMessageContaining("mvke+turbo - has no variation 'turbo'");
    assertThatThrownBy(() -> ModelName.parse("mvk")).hasMessageContaining("mvk - is no network");
  }
}

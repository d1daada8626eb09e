package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code tagstream evaluate kuairand} on a small log of the same form, features by the real job.
 */
class EvaluateITCase {

  private static final int USERS = 40;
  private static final int VIDEOS = 24;
  private static final int TAGS = 6;
  private static final int DAYS = 6;
  private static final int ROWS_A_DAY = 400;

  /** A midnight in Asia/Shanghai. */
  private static final long START = 1_650_816_000_000L;

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  /** Every user clicks the videos of one tag. */
  private void writeLog() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    List<String> users = new ArrayList<>(List.of("user_id,user_active_degree"));
    for (int user = 0; user < USERS; user++) {
      users.add(user + ",full_active");
    }
    List<String> videos = new ArrayList<>(List.of("video_id,author_id,video_type,music_id,tag"));
    for (int video = 0; video < VIDEOS; video++) {
      videos.add(video + "," + video % 5 + ",NORMAL,7," + video % TAGS);
    }
    List<String> rows =
        new ArrayList<>(
            List.of(
                "user_id,video_id,time_ms,is_click,is_like,is_follow,is_comment,is_forward,"
                    + "play_time_ms,is_profile_enter,tab"));
    for (int day = 0; day < DAYS; day++) {
      for (int row = 0; row < ROWS_A_DAY; row++) {
        int user = random.nextInt(USERS);
        int video = random.nextInt(VIDEOS);
        int click = video % TAGS == user % TAGS || random.nextInt(10) == 0 ? 1 : 0;
        long time =
            START
                + Duration.ofDays(day).toMillis()
                + row * Duration.ofDays(1).toMillis() / (ROWS_A_DAY + 50);
        rows.add(
            "%d,%d,%d,%d,%d,0,0,0,%d,0,1"
                .formatted(user, video, time, click, click * random.nextInt(2), click * 9000));
      }
    }
    Files.write(folder.resolve("user_features_pure.csv"), users);
    Files.write(folder.resolve("video_features_basic_pure.csv"), videos);
    Files.write(folder.resolve("log_standard_small.csv"), rows);
  }

  @Test
  void theNextDaysTagsAreRankedByCountsAndByNetworks() throws IOException {
    writeLog();
    Map<String, JsonNode> figures =
        evaluate("kuairand", "popularity,counts,smoothedCounts,mvke,ple");
    assertThat(figures).hasSize(5);
    double popularity = figures.get("popularity").path("NDCG@3").asDouble();
    assertThat(figures.get("counts").path("NDCG@3").asDouble()).isGreaterThan(popularity);
    for (String network : List.of("mvke", "ple")) {
      assertThat(figures.get(network).path("NDCG@3").asDouble()).as(network).isBetween(0.1, 1.0);
      assertThat(figures.get(network).path("click AUC").asDouble()).as(network).isGreaterThan(0.5);
      assertThat(figures.get(network).path("tuning NDCG@3").asDouble()).isPositive();
    }
    assertThat(figures.get("mvke").path("NDCG@3").asDouble()).isGreaterThan(popularity);
    assertThat(evaluate("kuairand", "mvke").get("mvke").path("NDCG@3"))
        .as("the same seed again, features made anew")
        .isEqualTo(figures.get("mvke").path("NDCG@3"));
  }

  @Test
  void aModelIsJudgedByHowOftenItIsUpdated() throws IOException {
    writeLog();
    JsonNode figures = evaluate("online-vs-batch", "two-tower").get("two-tower");
    for (String interval : List.of("batch", "10 min", "1 h", "6 h", "1 d")) {
      assertThat(figures.path("click AUC, every " + interval).asDouble())
          .as(interval)
          .isBetween(0.5, 1.0);
    }
    assertThat(figures.path("click AUC, every 1 h").asDouble())
        .as("what is learnt within a day helps on that day")
        .isGreaterThan(figures.path("click AUC, every 1 d").asDouble());
  }

  private Map<String, JsonNode> evaluate(String name, String models) throws IOException {
    List<String> lines =
        CommandRun.lines(
            List.of(
                "evaluate",
                name,
                "--data",
                folder.toString(),
                "--models",
                models,
                "--seeds",
                "7",
                "--json"));
    Map<String, JsonNode> figures = new HashMap<>();
    for (String json : lines) {
      JsonNode object = JSON.readTree(json);
      if (object.has("method")) {
        figures.put(object.path("method").asText(), object);
      }
    }
    return figures;
  }
}

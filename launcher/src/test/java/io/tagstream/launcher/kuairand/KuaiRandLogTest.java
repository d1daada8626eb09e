package io.tagstream.launcher.kuairand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.features.snapshot.FeatureSchema;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.kuairand.KuaiRandConfig.Entities;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.User;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KuaiRandLogTest {

  private static final String HEADER =
      "user_id,video_id,date,hourmin,time_ms,is_click,is_like,is_follow,is_comment,is_forward,"
          + "is_hate,long_view,play_time_ms,duration_ms,profile_stay_time,comment_stay_time,"
          + "is_profile_enter,is_rand,tab\n";

  @TempDir private Path folder;

  @BeforeEach
  void tables() throws IOException {
    xz(
        "user_features_pure.csv.xz",
        """
        user_id,user_active_degree,follow_user_num,follow_user_num_range,fans_user_num_range
        1,full_active,514,500+,"[100,1k)"
        2,middle_active,3,"(0,10]",
        7,high_active,1,"(0,10]",0
        """);
    xz(
        "video_features_basic_pure.csv.xz",
        """
        video_id,author_id,video_type,music_id,tag
        10,900,NORMAL,77,"39,2,39"
        11,901,AD,,
        """);
  }

  @Test
  void aRowBecomesImpressionClickStayAndConversions() throws IOException {
    log("1,10,20220425,0,1000,1,1,0,0,0,0,1,61802,49866,0,0,1,0,4");
    List<WorldEvent> events = events(KuaiRandConfig.of(folder));
    assertThat(events)
        .extracting(WorldEvent::topic)
        .containsExactly(
            Topic.USERS,
            Topic.IMPRESSIONS,
            Topic.CLICKS,
            Topic.STAYS,
            Topic.CONVERSIONS,
            Topic.CONVERSIONS);
    assertThat(events).allMatch(e -> e.key().equals("1"));
    assertThat(events.get(0).record())
        .isEqualTo(
            new User(
                "1",
                1_000L,
                Map.of(
                    "user_active_degree",
                    "full_active",
                    "follow_user_num_range",
                    "500+",
                    "fans_user_num_range",
                    "[100,1k)")));
    assertThat(events.get(1).record())
        .isEqualTo(
            new Impression(
                "1",
                "1-10-1000",
                "10",
                1_000L,
                "video",
                null,
                "tab4",
                Map.of(),
                List.of("39", "2"),
                Map.of("author", "900", "music", "77", "videoType", "NORMAL")));
    assertThat(events.get(2).record()).isEqualTo(new Click("1", "1-10-1000", 1_000L));
    assertThat(events.get(3).record()).isEqualTo(new Stay("1", "1-10-1000", 62_802L, 61_802L));
    assertThat(events.get(4).record())
        .isEqualTo(new Conversion("1", "1-10-1000", 62_802L, "like", 1.0));
    assertThat(events.get(5).record())
        .isEqualTo(new Conversion("1", "1-10-1000", 62_802L, "profile_enter", 1.0));
  }

  @Test
  void theKindOfAnItemMayBeWhereItWasShown() throws Exception {
    log(
        "1,10,20220425,0,1000,0,0,0,0,0,0,0,0,1,0,0,0,0,1",
        "2,11,20220425,0,2000,0,0,0,0,0,0,0,0,1,0,0,0,0,4");
    KuaiRandLog all = new KuaiRandLog(KuaiRandConfig.of(folder));
    assertThat(all.fields().entities()).containsExactly("video");
    assertThat(all.fields().targetEntity()).isEqualTo("video");
    KuaiRandLog log = new KuaiRandLog(KuaiRandConfig.of(folder).withEntities(Entities.TAB));
    assertThat(log.fields().entities()).containsExactlyInAnyOrder("tab1", "tab4");
    List<String> entities = new ArrayList<>();
    while (log.hasNext()) {
      if (log.next().record() instanceof Impression shown) {
        entities.add(shown.getEntity());
      }
    }
    assertThat(entities).containsExactly("tab1", "tab4");

    TagstreamConfig config =
        TagstreamConfig.parse("test", log.fields().settings(), "model.name: mkt");
    assertThat(config.learner().model().mkt().targetEntity()).isEqualTo("tab1");
    int sequence = config.learner().model().mkt().sequenceField();
    assertThat(FeatureSchema.of(config.features()).fields().get(sequence).name())
        .isEqualTo("clicked.tags");
  }

  @Test
  void eventsComeInOrderOfTimeWhateverTheFiles() throws IOException {
    log(
        "1,10,20220425,0,5000,0,0,0,0,0,0,0,0,1,0,0,0,0,1",
        "2,11,20220425,0,1000,0,0,0,0,0,0,0,6000,1,0,0,0,0,1");
    Files.writeString(
        folder.resolve("log_standard_later.csv"),
        HEADER + "1,11,20220425,0,3000,1,0,0,0,0,0,0,100,1,0,0,0,0,1\n");
    List<WorldEvent> events = events(KuaiRandConfig.of(folder));
    assertThat(events.subList(2, events.size()))
        .extracting(WorldEvent::eventTimeMillis)
        .containsExactly(1_000L, 3_000L, 3_000L, 3_100L, 5_000L, 5_000L, 7_000L);
  }

  @Test
  void whatEndsAfterTheLabelWindowIsDatedBeforeItsEnd() throws IOException {
    log("1,10,20220425,0,1000,0,1,0,0,0,0,1,90000,49866,0,0,0,0,4");
    List<WorldEvent> events =
        events(new KuaiRandConfig(folder, Duration.ofMinutes(1), true, Entities.VIDEO));
    assertThat(events.get(2).record()).isEqualTo(new Stay("1", "1-10-1000", 60_999L, 90_000L));
    assertThat(events.get(3).eventTimeMillis()).isEqualTo(60_999);
  }

  @Test
  void repeatsRepeatTheFirstRowsEvents() throws IOException {
    log(
        "1,10,20220425,0,1000,1,0,0,0,0,0,0,10,1,0,0,0,0,1",
        "1,10,20220425,5,1000,1,0,0,0,0,0,0,10,1,0,0,0,0,1",
        "1,10,20220425,0,1000,0,1,0,0,0,0,0,99,1,0,0,0,0,2");
    KuaiRandLog log = new KuaiRandLog(KuaiRandConfig.of(folder));
    List<WorldEvent> events = drain(log);
    assertThat(events).hasSize(1 + 9);
    assertThat(events.stream().skip(1).map(WorldEvent::record).distinct()).hasSize(3);
    assertThat(log.report().repeatedRows()).isEqualTo(2);
    assertThat(log.report().repeatsDiffering()).isEqualTo(1);
  }

  @Test
  void everyRowIsAccountedFor() throws IOException {
    log(
        "1,10,20220425,0,1000,1,0,0,0,0,0,0,10,1,0,0,0,0,1",
        "2,11,20220425,0,2000,0,0,0,0,0,0,0,0,1,0,0,0,0,1",
        "5,11,20220425,0,2500,0,0,0,0,0,0,0,0,1,0,0,0,0,1",
        "2,99,20220425,0,3000,0,0,0,0,0,0,0,0,1,0,0,0,0,1",
        "2,11,20220425,0,x,0,0,0,0,0,0,0,0,1,0,0,0,0,1",
        ",11,20220425,0,1,0,0,0,0,0,0,0,0,1,0,0,0,0,1",
        "2,11,20220425,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,1",
        "2,11,20220425,0,1,0,0,0,0,0,0,0,-5,1,0,0,0,0,1",
        "2,11,20220425,0,1,2,0,0,0,0,0,0,0,1,0,0,0,0,1",
        "2,11,20220425");
    KuaiRandLog log = new KuaiRandLog(KuaiRandConfig.of(folder));
    int events = drain(log).size();
    KuaiRandReport report = log.report();
    assertThat(report.rowsRead()).isEqualTo(10);
    assertThat(report.rowsPlayed()).isEqualTo(3);
    assertThat(report.rowsSkipped()).isEqualTo(7);
    assertThat(report.skipped())
        .isEqualTo(
            Map.of(
                "video_id is not in the video table", 1L,
                "time_ms is no whole number", 1L,
                "user_id is empty", 1L,
                "time_ms is not positive", 1L,
                "play_time_ms is negative", 1L,
                "is_click is neither 0 nor 1", 1L,
                "columns do not fit the header", 1L));
    assertThat(report.untaggedRows()).isEqualTo(2);
    assertThat(report.users()).isEqualTo(3);
    assertThat(report.usersWithoutAttributes()).isEqualTo(1);
    assertThat(report.unusedUsers()).isEqualTo(1);
    assertThat(report.events())
        .isEqualTo(Map.of("users", 2L, "impressions", 3L, "clicks", 1L, "stays", 3L));
    assertThat(report.events().values().stream().mapToLong(n -> n).sum()).isEqualTo(events);
    assertThatThrownBy(log::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void theActiveDegreeCanBeLeftOut() throws IOException {
    log("1,10,20220425,0,1000,1,0,0,0,0,0,0,10,1,0,0,0,0,1");
    KuaiRandLog log =
        new KuaiRandLog(new KuaiRandConfig(folder, Duration.ofMinutes(10), false, Entities.VIDEO));
    assertThat(log.fields().userAttributes())
        .containsExactly("fans_user_num_range", "follow_user_num_range");
    assertThat(log.fields().conversionTypes()).containsExactly("like");
    assertThat(log.startMillis()).isEqualTo(1_000);
    assertThat(log.endless()).isFalse();
  }

  @Test
  void missingFilesAndColumnsAreNamed() throws IOException {
    assertThatThrownBy(() -> new KuaiRandLog(KuaiRandConfig.of(folder)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("log_standard_*.csv.xz")
        .hasMessageContaining(folder.toString());
    assertThatThrownBy(() -> new KuaiRandLog(KuaiRandConfig.of(folder.resolve("nowhere"))))
        .hasMessageContaining("nowhere - is no folder");
    log("1,10,20220425,0,1000,1,0,0,0,0,0,0,10,1,0,0,0,0,1");
    Files.delete(folder.resolve("user_features_pure.csv.xz"));
    assertThatThrownBy(() -> new KuaiRandLog(KuaiRandConfig.of(folder)))
        .hasMessageContaining("user_features_pure.csv.xz");
    Files.writeString(folder.resolve("user_features_pure.csv"), "id\n1\n");
    assertThatThrownBy(() -> new KuaiRandLog(KuaiRandConfig.of(folder)))
        .hasMessageContaining("no column 'user_id'");
    Files.writeString(folder.resolve("user_features_pure.csv.xz"), "not xz");
    Files.delete(folder.resolve("user_features_pure.csv"));
    assertThatThrownBy(() -> new KuaiRandLog(KuaiRandConfig.of(folder)))
        .hasMessageContaining("is no xz file");
  }

  private void log(String... rows) throws IOException {
    xz("log_standard_20220425_20220503.csv.xz", HEADER + String.join("\n", rows) + "\n");
  }

  private void xz(String name, String text) throws IOException {
    try (OutputStream out =
        new XZCompressorOutputStream(Files.newOutputStream(folder.resolve(name)))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static List<WorldEvent> events(KuaiRandConfig config) throws IOException {
    return drain(new KuaiRandLog(config));
  }

  private static List<WorldEvent> drain(KuaiRandLog log) {
    List<WorldEvent> events = new ArrayList<>();
    log.forEachRemaining(events::add);
    return events;
  }
}

package io.tagstream.launcher.job;

import io.tagstream.features.flink.FeaturesStage;
import io.tagstream.ingestion.flink.IngestionStage;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.UserFact;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;

/** The stages from events to what learners read: the first half of the job, or a job of its own. */
public final class FeaturesJob {

  private FeaturesJob() {}

  /**
   * All that leaves the half.
   *
   * @param samples what the learners read: samples, score requests, deletions
   * @param deadLetters refused records
   */
  public record Outputs(DataStream<LearnerInput> samples, DataStream<DeadLetter> deadLetters) {}

  /**
   * Puts the stages behind a stream.
   *
   * @param input decoded records with timestamps and watermarks
   */
  public static Outputs of(DataStream<InputRecord> input, TagstreamConfig config) {
    IngestionStage.Outputs ingested = IngestionStage.of(input, config.ingestion());
    // Ingestion's join is keyed by user already: no second exchange, and both chain into one task.
    KeyedStream<UserFact, String> facts =
        DataStreamUtils.reinterpretAsKeyedStream(
            ingested.facts(), UserFact::getUserId, Types.STRING);
    return new Outputs(FeaturesStage.of(facts, config.features()), ingested.deadLetters());
  }
}

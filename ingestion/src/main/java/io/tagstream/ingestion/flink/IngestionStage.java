package io.tagstream.ingestion.flink;

import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.ingestion.TagSource;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.UserFact;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Wires ingestion: decoded records in, facts about users and dead letters out. */
public final class IngestionStage {

  private IngestionStage() {}

  /**
   * The stage's streams.
   *
   * @param facts opened and labelled impressions, user records and deletions; keyed by user
   * @param deadLetters every refused record, once
   */
  public record Outputs(
      SingleOutputStreamOperator<UserFact> facts, DataStream<DeadLetter> deadLetters) {}

  /**
   * Adds the stage behind a stream.
   *
   * @param input decoded records, with the watermarks of {@link EventTimeWatermarks}
   */
  public static Outputs of(DataStream<InputRecord> input, IngestionConfig config) {
    SingleOutputStreamOperator<InputRecord> admitted =
        input
            .transform(
                "ingestion-admission", StreamTypes.INPUT, new AdmissionOperator(config.tagSource()))
            .uid("ingestion-admission")
            .name("ingestion-admission");
    DataStream<InputRecord> tagged = admitted;
    DataStream<DeadLetter> deadLetters = admitted.getSideOutput(StreamTypes.DEAD_LETTERS);
    if (config.tagSource() == TagSource.ITEMS) {
      SingleOutputStreamOperator<InputRecord> joined =
          admitted
              .getSideOutput(StreamTypes.UNTAGGED)
              .keyBy(InputFields::itemId, Types.STRING)
              .transform(
                  "ingestion-item-tags",
                  StreamTypes.INPUT,
                  new ItemTagsOperator(config.labelWindow().toMillis()))
              .uid("ingestion-item-tags")
              .name("ingestion-item-tags");
      tagged = admitted.union(joined);
      deadLetters = deadLetters.union(joined.getSideOutput(StreamTypes.DEAD_LETTERS));
    }
    SingleOutputStreamOperator<UserFact> facts =
        tagged
            .keyBy(InputFields::userId, Types.STRING)
            .transform("ingestion-label-join", StreamTypes.FACT, new LabelJoinOperator(config))
            .uid("ingestion-label-join")
            .name("ingestion-label-join");
    return new Outputs(facts, deadLetters.union(facts.getSideOutput(StreamTypes.DEAD_LETTERS)));
  }
}

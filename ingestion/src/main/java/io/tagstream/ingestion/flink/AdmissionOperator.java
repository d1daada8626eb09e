package io.tagstream.ingestion.flink;

import io.tagstream.ingestion.TagSource;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Item;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Counts what ingestion accepts and parts it: dead letters of the decoder to their side output,
 * items and untagged impressions to where tags are joined, everything else onwards. Stateless but
 * for its ledger; chained to the source.
 */
final class AdmissionOperator extends AccountedOperator<InputRecord> {

  private final TagSource tagSource;
  private transient Counter itemsIgnored;
  private transient Counter untaggedImpressions;

  @SuppressWarnings("NullAway.Init") // counters are made in open
  AdmissionOperator(TagSource tagSource) {
    super(true);
    this.tagSource = tagSource;
  }

  @Override
  public void open() throws Exception {
    super.open();
    itemsIgnored = ingestionMetrics().counter("itemsIgnored");
    untaggedImpressions = ingestionMetrics().counter("untaggedImpressions");
  }

  @Override
  protected void accept(StreamRecord<InputRecord> element) {
    Object body = element.getValue().getBody();
    if (body instanceof DeadLetter letter) {
      refuse(letter);
    } else if (body instanceof Item && tagSource == TagSource.INLINE) {
      itemsIgnored.inc();
      ledger().close(1);
    } else if (body instanceof Item) {
      ledger().handOn();
      output.collect(StreamTypes.UNTAGGED, element);
    } else if (body instanceof Impression impression && impression.getTags() == null) {
      untaggedImpressions.inc();
      ledger().handOn();
      if (tagSource == TagSource.ITEMS) {
        output.collect(StreamTypes.UNTAGGED, element);
      } else {
        output.collect(element);
      }
    } else {
      ledger().handOn();
      output.collect(element);
    }
  }
}

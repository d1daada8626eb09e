package io.tagstream.ingestion.flink;

import io.tagstream.ingestion.items.ItemVersion;
import io.tagstream.ingestion.items.ItemVersions;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Item;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Keyed by item: gives impressions without tags those of the item's newest version up to their
 * time, decided when the watermark passes it. An impression is emitted before the watermark that
 * passes it, so no watermark downstream ever overtakes one that waits here.
 */
final class ItemTagsOperator extends EventTimeOperator<InputRecord> {

  private final long labelWindowMillis;
  private transient ValueState<byte[]> versions;
  private transient ListState<InputRecord> waiting;
  private transient DeadLetters deadLetters;
  private transient boolean ended;

  /**
   * The operator.
   *
   * @param labelWindowMillis a later impression would find its label window closed, so older
   *     versions are not kept for it
   */
  @SuppressWarnings("NullAway.Init") // state is made in open
  ItemTagsOperator(long labelWindowMillis) {
    super(false);
    this.labelWindowMillis = labelWindowMillis;
  }

  @Override
  public void open() throws Exception {
    super.open();
    deadLetters = new DeadLetters();
    versions =
        getKeyedStateStore()
            .getState(
                new ValueStateDescriptor<>(
                    "item-versions", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    waiting =
        getKeyedStateStore()
            .getListState(new ListStateDescriptor<>("waiting-impressions", StreamTypes.INPUT));
  }

  @Override
  protected void accept(StreamRecord<InputRecord> element) throws Exception {
    InputRecord record = element.getValue();
    if (record.getBody() instanceof Item item) {
      ItemVersions known = ItemVersions.decode(versions.value());
      known.put(new ItemVersion(item.getEventTimeMillis(), item.getTags(), item.getPrivileged()));
      if (watermark() > labelWindowMillis) {
        known.forgetBefore(watermark() - labelWindowMillis);
      }
      versions.update(known.encode());
      ledger().close(1);
    } else if (record.getBody() instanceof Impression impression) {
      if (ended || impression.getEventTimeMillis() <= watermark()) {
        resolve(record, impression, ItemVersions.decode(versions.value()));
      } else {
        waiting.add(record);
        registerTimer(impression.getEventTimeMillis());
        ledger().openMore(1);
      }
    } else {
      throw InputFields.unexpected(record, "an impression without tags");
    }
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    resolveUntil(Math.max(watermark(), timer.getTimestamp()));
  }

  /**
   * All items are known that ever will be: impressions beyond the last watermark are decided. One
   * that still comes, of an input that was idle when the others ended, is decided at once, as no
   * later watermark would.
   */
  @Override
  protected void inputEnded(Watermark mark) throws Exception {
    ended = true;
    fireAllTimers(mark);
  }

  private void resolveUntil(long timeMillis) throws Exception {
    List<InputRecord> due = new ArrayList<>();
    List<InputRecord> later = new ArrayList<>();
    for (InputRecord record : waiting.get()) {
      (InputFields.eventTimeMillis(record) <= timeMillis ? due : later).add(record);
    }
    if (due.isEmpty()) {
      return; // an earlier timer of the same watermark took them along
    }
    waiting.update(later);
    ledger().openMore(-due.size());
    ItemVersions known = ItemVersions.decode(versions.value());
    for (InputRecord record : due) {
      resolve(record, (Impression) record.getBody(), known);
    }
  }

  private void resolve(InputRecord record, Impression impression, ItemVersions known) {
    ItemVersion version = known.asOf(impression.getEventTimeMillis());
    if (version == null) {
      refuse(
          deadLetters.of(
              record,
              DeadLetterReason.UNKNOWN_ITEM,
              "itemId: "
                  + impression.getItemId()
                  + " - the impression has no tags, and no version of the item is known; write it"
                  + " to the items topic"));
      return;
    }
    Map<String, String> privileged = new HashMap<>(version.privileged());
    privileged.putAll(impression.getPrivileged()); // what was true for this showing goes first
    Impression tagged =
        Impression.newBuilder(impression).setTags(version.tags()).setPrivileged(privileged).build();
    ledger().handOn();
    output.collect(
        new StreamRecord<>(
            new InputRecord(record.getOrigin(), tagged), impression.getEventTimeMillis()));
  }
}

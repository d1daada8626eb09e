package io.tagstream.ingestion.flink;

import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Item;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserDeletion;

/** Fields that records of all kinds have, each under its own class. */
final class InputFields {

  private InputFields() {}

  /** Event time; of a dead letter its append time, which is all that is known of it. */
  static long eventTimeMillis(InputRecord record) {
    Object body = record.getBody();
    if (body instanceof Impression impression) {
      return impression.getEventTimeMillis();
    }
    if (body instanceof Click click) {
      return click.getEventTimeMillis();
    }
    if (body instanceof Stay stay) {
      return stay.getEventTimeMillis();
    }
    if (body instanceof Conversion conversion) {
      return conversion.getEventTimeMillis();
    }
    if (body instanceof Item item) {
      return item.getEventTimeMillis();
    }
    if (body instanceof User user) {
      return user.getEventTimeMillis();
    }
    if (body instanceof UserDeletion deletion) {
      return deletion.getEventTimeMillis();
    }
    if (body instanceof DeadLetter letter) {
      return letter.getAppendTimeMillis();
    }
    throw unexpected(record, "an event time");
  }

  /** Whose record it is; items and dead letters are nobody's. */
  static String userId(InputRecord record) {
    Object body = record.getBody();
    if (body instanceof Impression impression) {
      return impression.getUserId();
    }
    if (body instanceof Click click) {
      return click.getUserId();
    }
    if (body instanceof Stay stay) {
      return stay.getUserId();
    }
    if (body instanceof Conversion conversion) {
      return conversion.getUserId();
    }
    if (body instanceof User user) {
      return user.getUserId();
    }
    if (body instanceof UserDeletion deletion) {
      return deletion.getUserId();
    }
    throw unexpected(record, "a user");
  }

  /** Which item an impression or an item record is about. */
  static String itemId(InputRecord record) {
    Object body = record.getBody();
    if (body instanceof Impression impression) {
      return impression.getItemId();
    }
    if (body instanceof Item item) {
      return item.getItemId();
    }
    throw unexpected(record, "an item");
  }

  /** A record where none of its kind belongs: the wiring is wrong, not the data. */
  static IllegalStateException unexpected(InputRecord record, String wanted) {
    return new IllegalStateException(
        record.getBody().getClass().getSimpleName()
            + " of "
            + record.getOrigin()
            + " - has no place where "
            + wanted
            + " is asked for");
  }
}

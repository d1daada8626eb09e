package io.tagstream.it;

import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Topic;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;

/** A wire format, used for all input topics. */
interface Wire {

  /** Settings that make a deployment read it, as YAML. */
  String settings();

  /** A record's bytes in one of the forms that the format allows. */
  byte[] encode(Topic topic, SpecificRecordBase record, Random random);

  /** What can be wrong with its bytes. */
  List<Mutation> mutations();

  /** Reasons of dead letters that other formats never have. */
  Set<DeadLetterReason> ownReasons();

  /** Whether every tag can be told: a list in one text has a separator. */
  boolean tellsAnyTag();
}

/**
 * Dead letters as they lie in Kafka: read, counted, and sent again after a fix.
 *
 * <p>In: the topic of dead letters. Out: its letters with their places; the untouched records back
 * on the topics they came from.
 */
@NullMarked
package io.tagstream.launcher.deadletters;

import org.jspecify.annotations.NullMarked;

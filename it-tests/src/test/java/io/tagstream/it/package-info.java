/**
 * Tests of the whole: a real broker in a child process, a real Flink cluster in this one, events of
 * the planted world in, and what comes out read back as any client would.
 *
 * <p>Tests wait for conditions with a deadline ({@link io.tagstream.it.Eventually}), never for time
 * to pass.
 */
package io.tagstream.it;

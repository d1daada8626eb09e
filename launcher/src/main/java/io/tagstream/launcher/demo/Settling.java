package io.tagstream.launcher.demo;

import io.tagstream.launcher.job.EmbeddedCluster;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for a job to have taken in what was sent, and for nothing more to come out. */
final class Settling {

  /** Wall time the job is given. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** The same when somebody waits at the terminal for the end. */
  private static final Duration HURRIED_LIMIT = Duration.ofSeconds(5);

  private static final Duration QUIET = Duration.ofMillis(1500);

  private final EmbeddedCluster cluster;
  private final OutputWatch watch;
  private final String trainedMetric;
  private final Demo.Listener listener;

  private volatile boolean hurried;

  Settling(
      EmbeddedCluster cluster, OutputWatch watch, String trainedMetric, Demo.Listener listener) {
    this.cluster = cluster;
    this.watch = watch;
    this.trainedMetric = trainedMetric;
    this.listener = listener;
  }

  /** Somebody waits: a wait that goes on is shortened as well. */
  void hurry() {
    hurried = true;
  }

  /**
   * Waits, within limits; what is missing then is told.
   *
   * @param sent records that the job has to take in
   */
  void await(long sent) throws InterruptedException {
    long started = System.nanoTime();
    long quietSince = started;
    long lastCount = -1;
    double lastTrained = -1;
    while (System.nanoTime() - started < limit().toNanos()) {
      long count = watch.count();
      double trained = cluster.metrics().value(trainedMetric);
      if (Demo.accepted(cluster) < sent || count != lastCount || trained != lastTrained) {
        quietSince = System.nanoTime();
        lastCount = count;
        lastTrained = trained;
      } else if (System.nanoTime() - quietSince > QUIET.toNanos()) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    listener.progress(
        "after "
            + limit().toSeconds()
            + " s the job still has "
            + (sent - Demo.accepted(cluster))
            + " events to take in; going on without them");
  }

  private Duration limit() {
    return hurried ? HURRIED_LIMIT : LIMIT;
  }
}

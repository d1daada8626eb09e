package io.tagstream.launcher.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far long work is, with its rate and the time left, on standard error: a bar that moves on a
 * terminal, a line now and then elsewhere.
 */
final class Progress implements AutoCloseable {

  private static final int TERMINAL_MILLIS = 500;
  private static final int LINE_MILLIS = 5_000;
  private static final int LINE_WIDTH = 100;

  private final ProgressBar bar;

  /**
   * Work that begins.
   *
   * @param total how many records there are; −1 when nobody knows
   */
  @SuppressWarnings("SystemConsoleNull") // Java 17: null where output goes to a file or pipe
  Progress(Terminal terminal, String what, long total) {
    boolean moves = System.console() != null;
    ProgressBarConsumer consumer =
        moves
            ? new ConsoleProgressBarConsumer(System.err)
            : new DelegatingProgressBarConsumer(terminal::progress, LINE_WIDTH);
    this.bar =
        new ProgressBarBuilder()
            .setTaskName(what)
            .setInitialMax(total)
            .setStyle(ProgressBarStyle.ASCII)
            .setUnit(" records", 1)
            .showSpeed()
            .setUpdateIntervalMillis(moves ? TERMINAL_MILLIS : LINE_MILLIS)
            .setConsumer(consumer)
            .build();
  }

  /** So many records are done. */
  void at(long done) {
    bar.stepTo(done);
  }

  /** Shows the last state. */
  @Override
  public void close() {
    bar.close();
  }
}

package io.tagstream.subscriber;

/** Told of every change. */
@FunctionalInterface
public interface ProfileListener {

  /**
   * One change, on the subscriber's own thread: the next record waits until this returns. What is
   * kept is the state before this change until it does.
   *
   * <p>Each change is told at least once: again after a restart when the process ended before the
   * records read with it were stored.
   *
   * @throws Exception stops the subscriber; the change is told again when it is started again
   */
  void changed(ProfileChange change) throws Exception;
}

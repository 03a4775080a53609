package io.blockmover.repository.session;

import io.blockmover.api.MoverException;
import io.blockmover.repository.document.DocumentStore;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a session's beat again and again. A beat that fails is logged and no more: heartbeats only
 * save work, they protect nothing but readers of forgotten backups.
 */
public final class Heartbeat implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private final DocumentStore documents;
  private final String session;
  private final Future<?> task;
  private Beat beat;
  private volatile boolean stopped;

  private Heartbeat(DocumentStore documents, SessionHost host, String session, Beat beat) {
    this.documents = documents;
    this.session = session;
    this.beat = beat;
    long nanos = host.interval().toNanos();
    this.task =
        host.scheduler().scheduleWithFixedDelay(this::repeat, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /** Writes the first beat, and goes on until closed. */
  public static Heartbeat start(
      DocumentStore documents, SessionHost host, String session, Beat beat) throws MoverException {
    documents.put(Beat.key(session), beat);
    return new Heartbeat(documents, host, session, beat);
  }

  /** Changes what the beat says, and writes it. */
  public synchronized void change(Beat newBeat) throws MoverException {
    beat = newBeat;
    documents.put(Beat.key(session), newBeat);
  }

  private synchronized void repeat() {
    if (stopped) {
      return;
    }
    try {
      documents.put(Beat.key(session), beat);
    } catch (MoverException e) {
      if (!stopped) {
        LOG.warn("the heartbeat of session {} was not written: {}", session, e.getMessage());
      }
    }
  }

  /**
   * Ends it; no beat is written after this has returned. One that is under way is cut off: to a
   * store that does not answer it would go on for minutes. The object stays.
   */
  @Override
  public void close() {
    stopped = true;
    task.cancel(true);
    synchronized (this) {
      // A beat that was under way has ended.
    }
  }
}

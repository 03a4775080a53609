package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.cli.output.Output;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.kubernetes.PodLogs;
import io.blockmover.kubernetes.exposure.Watch;
import java.util.Map;

/** Shows what mover does in a pod as if it did it here. */
final class PodFollower implements Watch {

  private final Output output;
  private final Progress progress;
  private final Cancellation cancellation;
  private Map<String, Object> last = Map.of();
  private long done;
  private long read;

  PodFollower(Output output, Progress progress, Cancellation cancellation) {
    this.output = output;
    this.progress = progress;
    this.cancellation = cancellation;
  }

  @Override
  public void step(String what) {
    output.note(what);
  }

  @Override
  public void line(String line) {
    Map<String, Object> document = PodLogs.document(line).orElse(Map.of());
    if ("progress".equals(document.get("type"))) {
      progress.total(number(document, "totalBytes"));
      progress.done(number(document, "doneBytes") - done);
      progress.read(number(document, "readBytes") - read);
      done = number(document, "doneBytes");
      read = number(document, "readBytes");
    } else if (document.isEmpty()) {
      output.note(line);
    } else {
      last = document;
    }
  }

  @Override
  public void check() throws MoverException {
    cancellation.check();
  }

  /** The last document that is no progress: what mover reported in the end. */
  Map<String, Object> report() {
    return last;
  }

  private static long number(Map<String, Object> document, String field) {
    return document.get(field) instanceof Number number ? number.longValue() : 0;
  }
}

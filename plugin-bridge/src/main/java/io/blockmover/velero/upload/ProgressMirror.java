package io.blockmover.velero.upload;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.pod.MoverPods;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.Transfers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows in a transfer how far its pod is, and not more often than others want to know. */
final class ProgressMirror {

  private static final Logger log = LoggerFactory.getLogger(ProgressMirror.class);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final Transfers transfers;
  private final MoverPods pods;
  private final InstantSource clock;
  private final Map<String, Instant> shown = new ConcurrentHashMap<>();

  ProgressMirror(Transfers transfers, MoverPods pods, InstantSource clock) {
    this.transfers = transfers;
    this.pods = pods;
    this.clock = clock;
  }

  /** Reads and writes, if it is time. That it cannot be read is no failure of the transfer. */
  void show(Transfer transfer, ObjectName pod) throws MoverException {
    Instant now = clock.instant();
    Instant last = shown.getOrDefault(transfer.uid(), Instant.EPOCH);
    if (last.plus(PAUSE).isAfter(now)) {
      return;
    }
    shown.put(transfer.uid(), now);
    Optional<MoverPods.Progress> progress;
    try {
      progress = pods.progress(pod);
    } catch (MoverException e) {
      log.warn("{}: how far it is cannot be shown: {}", transfer.name(), e.getMessage());
      return;
    }
    if (progress.isPresent() && differs(transfer, progress.get())) {
      try {
        transfers.progress(transfer, progress.get().doneBytes(), progress.get().totalBytes());
      } catch (MoverException e) {
        if (!ClusterObjects.conflict(e)) {
          throw e;
        } // Somebody else wrote: there is a next time.
      }
    }
  }

  void forget(String uid) {
    shown.remove(uid);
  }

  private static boolean differs(Transfer transfer, MoverPods.Progress progress) {
    return transfer.object().number("status", "progress", "bytesDone").orElse(-1)
            != progress.doneBytes()
        || transfer.object().number("status", "progress", "totalBytes").orElse(-1)
            != progress.totalBytes();
  }
}

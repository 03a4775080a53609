package io.blockmover.velero.event;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.transfer.Transfer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says on a transfer what happened to it ({@code kubectl describe}). The same is said once, however
 * often a step is done again. Nothing depends on an Event: one that cannot be written is logged.
 * Thread-safe.
 */
public final class Events {

  private static final Logger log = LoggerFactory.getLogger(Events.class);
  private static final int LONGEST = 1024;

  private final ClusterObjects objects;
  private final InstantSource clock;

  public Events(ClusterObjects objects, InstantSource clock) {
    this.objects = objects;
    this.clock = clock;
  }

  /**
   * Something went as it should.
   *
   * @param reason one word in CamelCase
   */
  public void normal(Transfer about, String reason, String message) {
    say(about, "Normal", reason, message);
  }

  /** Something that a person should look at. */
  public void warning(Transfer about, String reason, String message) {
    say(about, "Warning", reason, message);
  }

  private void say(Transfer about, String type, String reason, String message) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectName name = new ObjectName(about.name().namespace(), name(about, reason, message));
    Map<String, Object> body =
        Map.ofEntries(
            Map.entry("metadata", Map.of("labels", about.labels())),
            Map.entry(
                "involvedObject",
                Map.of(
                    "apiVersion",
                    about.kind().kind().apiVersion(),
                    "kind",
                    about.kind().kind().kind(),
                    "namespace",
                    about.name().namespace(),
                    "name",
                    about.name().name(),
                    "uid",
                    about.uid())),
            Map.entry("type", type),
            Map.entry("reason", reason),
            Map.entry("message", shortened(message)),
            Map.entry("source", Map.of("component", "blockmover")),
            Map.entry("firstTimestamp", now),
            Map.entry("lastTimestamp", now),
            Map.entry("count", 1));
    try {
      objects.create(ObjectKind.EVENT, name, body);
    } catch (MoverException e) {
      if (!ClusterObjects.conflict(e)) {
        log.warn("{}: {} (not said as an Event: {})", about.name(), message, e.getMessage());
      }
    }
  }

  /** The same for the same words. */
  private static String name(Transfer about, String reason, String message) {
    UUID words = UUID.nameUUIDFromBytes((reason + "\n" + message).getBytes(StandardCharsets.UTF_8));
    return about.objectName() + "." + HexFormat.of().toHexDigits(words.getMostSignificantBits());
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST ? message : message.substring(0, LONGEST - 1) + "…";
  }
}

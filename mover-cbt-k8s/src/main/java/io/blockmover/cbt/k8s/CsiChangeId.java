package io.blockmover.cbt.k8s;

import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.kubernetes.SnapshotAttributes;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a backup records of its snapshot, so that the next one can ask what changed since: written
 * {@code csi1|driver|volume|size|created|id}, each part percent-encoded.
 *
 * @param driver the CSI driver's name
 * @param volumeHandle the storage's name of the volume
 * @param sizeBytes of the volume then; -1 if nobody knows
 * @param created when the storage took the snapshot; null if nobody knows
 * @param id what the driver wants to hear: the snapshot's handle, or what {@link #ANNOTATIONS}
 *     names
 */
public record CsiChangeId(
    String driver, String volumeHandle, long sizeBytes, @Nullable Instant created, String id) {

  /**
   * Drivers whose change id is not the handle, and the annotation of the VolumeSnapshot with it.
   */
  static final Map<String, String> ANNOTATIONS =
      Map.of("csi.vsphere.vmware.com", "csi.vsphere.volume/change-id");

  private static final String FORMAT = "csi1";

  /** What to record of a snapshot; empty if too little is known of it to be a base some day. */
  public static Optional<CsiChangeId> of(SnapshotReference snapshot) {
    String annotation = ANNOTATIONS.get(snapshot.driver());
    String id =
        annotation == null
            ? snapshot.handle()
            : snapshot.attributes().getOrDefault(SnapshotAttributes.annotation(annotation), "");
    if (id.isEmpty() || snapshot.volumeHandle().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new CsiChangeId(
            snapshot.driver(),
            snapshot.volumeHandle(),
            snapshot.sizeBytes(),
            created(snapshot).orElse(null),
            id));
  }

  /**
   * A base that a person names by its handle. Nothing can be checked of it: that it is of this
   * volume, and older, is the person's word.
   */
  public static CsiChangeId named(String id, SnapshotReference target) {
    return new CsiChangeId(target.driver(), target.volumeHandle(), -1, null, id);
  }

  /** What was recorded; empty if it was not by this tracker. */
  public static Optional<CsiChangeId> parse(ChangeId recorded) {
    List<String> parts = List.of(recorded.value().split("\\|", -1));
    if (parts.size() != 6 || !parts.getFirst().equals(FORMAT)) {
      return Optional.empty();
    }
    try {
      String created = decode(parts.get(4));
      return Optional.of(
          new CsiChangeId(
              decode(parts.get(1)),
              decode(parts.get(2)),
              Long.parseLong(parts.get(3)),
              created.isEmpty() ? null : Instant.parse(created),
              decode(parts.get(5))));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /** As it is recorded. */
  public ChangeId encoded() {
    return new ChangeId(
        String.join(
            "|",
            FORMAT,
            encode(driver),
            encode(volumeHandle),
            Long.toString(sizeBytes),
            created == null ? "" : encode(created.toString()),
            encode(id)));
  }

  /** Why no delta from here to the target may be asked for; empty if it may. */
  Optional<String> mismatch(SnapshotReference target) {
    if (!driver.equals(target.driver())) {
      return Optional.of(
          "the last backup was of driver %s, this snapshot is of %s"
              .formatted(driver, target.driver()));
    }
    if (target.volumeHandle().isEmpty() || !volumeHandle.equals(target.volumeHandle())) {
      return Optional.of(
          "the last backup was of volume '%s', this snapshot is of '%s': the claim was made anew"
              .formatted(volumeHandle, target.volumeHandle()));
    }
    return sizeBytes < 0 ? Optional.empty() : order(target);
  }

  private Optional<String> order(SnapshotReference target) {
    if (id.equals(of(target).map(CsiChangeId::id).orElse(null))) {
      return Optional.empty();
    }
    Instant targetCreated = created(target).orElse(null);
    if (created == null || targetCreated == null) {
      return Optional.of("nobody knows whether base %s is older than the snapshot".formatted(id));
    }
    return created.isBefore(targetCreated)
        ? Optional.empty()
        : Optional.of(
            "base %s of %s is not older than the snapshot of %s"
                .formatted(id, created, targetCreated));
  }

  private static Optional<Instant> created(SnapshotReference snapshot) {
    try {
      return Optional.ofNullable(snapshot.attributes().get(SnapshotAttributes.CREATED))
          .map(Instant::parse);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String encode(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8);
  }

  private static String decode(String part) {
    return URLDecoder.decode(part, StandardCharsets.UTF_8);
  }
}

package io.blockmover.repository.session;

import io.blockmover.repository.VolumeId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeat of a session; when the object was last modified is the beat. Its members are those
 * of the JSON.
 *
 * @param vol the volume's id
 * @param pins keys of manifests whose packs it needs
 * @param base the GC epoch whose lists it knows
 * @param backup id of the backup made or read
 * @param run of the process, 16 hex digits
 * @param source what names the source's content for ever; null if it can change
 * @param journal null if nothing can be resumed
 * @param doubt null as long as every list that was followed is believed
 */
public record Beat(
    int version,
    SessionKind kind,
    String vol,
    String volume,
    String host,
    long pid,
    String program,
    Instant started,
    List<String> pins,
    long base,
    @Nullable String backup,
    @Nullable String run,
    @Nullable String source,
    @Nullable JournalTerms journal,
    @Nullable JournalDoubt doubt) {

  static final int VERSION = 1;

  @SuppressWarnings("NullAway") // JSON may lack it
  public Beat {
    pins = pins == null ? List.of() : List.copyOf(pins);
  }

  /** The beat of a backup. */
  public static Beat ofBackup(
      SessionHost host,
      VolumeId vol,
      String volume,
      Instant started,
      List<String> pins,
      long base,
      String backup,
      String run,
      @Nullable String source,
      JournalTerms journal,
      @Nullable JournalDoubt doubt) {
    return new Beat(
        VERSION,
        SessionKind.BACKUP,
        vol.hex(),
        volume,
        host.name(),
        host.pid(),
        host.program(),
        started,
        pins,
        base,
        backup,
        run,
        source,
        journal,
        doubt);
  }

  /** The beat of a reader. */
  public static Beat ofReader(
      SessionHost host,
      SessionKind kind,
      VolumeId vol,
      String volume,
      Instant started,
      String pin,
      String backup) {
    return new Beat(
        VERSION,
        kind,
        vol.hex(),
        volume,
        host.name(),
        host.pid(),
        host.program(),
        started,
        List.of(pin),
        0,
        backup,
        null,
        null,
        null,
        null);
  }

  /** The beat of a garbage collection. */
  public static Beat ofCollection(SessionHost host, Instant started) {
    return new Beat(
        VERSION,
        SessionKind.COLLECTION,
        "",
        "",
        host.name(),
        host.pid(),
        host.program(),
        started,
        List.of(),
        0,
        null,
        null,
        null,
        null,
        null);
  }

  /** The same with a doubt. */
  public Beat doubting(JournalDoubt now) {
    return new Beat(
        version, kind, vol, volume, host, pid, program, started, pins, base, backup, run, source,
        journal, now);
  }

  /** The key of a session's beat. */
  public static String key(String session) {
    return "w/" + session + "/beat";
  }
}

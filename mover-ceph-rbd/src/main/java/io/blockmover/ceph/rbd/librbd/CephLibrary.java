package io.blockmover.ceph.rbd.librbd;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * librados and librbd of this machine. Which version they are, and not which the cluster is,
 * decides what can be asked. Thread-safe.
 */
public final class CephLibrary {

  /** What came of looking for the libraries. */
  public sealed interface Loading {

    /** They are here. */
    record Loaded(CephLibrary library) implements Loading {}

    /**
     * They cannot be used.
     *
     * @param reason a sentence for the operator
     */
    record Unavailable(String reason) implements Loading {}
  }

  private static final String INSTALL =
      "; install librbd1 of Ceph 18.2.5 or later (Debian 13 has it)";

  private final Librados rados;
  private final Librbd rbd;

  private CephLibrary(Librados rados, Librbd rbd) {
    this.rados = rados;
    this.rbd = rbd;
  }

  private static final class Machine {
    static final Loading LOADING = load();

    private static Loading load() {
      String system = System.getProperty("os.name", "");
      String architecture = System.getProperty("os.arch", "");
      if (!isKnown(system, architecture)) {
        return new Loading.Unavailable(
            "librbd is used on Linux with x86-64 or aarch64, and this is %s with %s"
                .formatted(system, architecture));
      }
      try {
        return of(
            SymbolLookup.libraryLookup("librados.so.2", Arena.global())
                .or(SymbolLookup.libraryLookup("librbd.so.1", Arena.global())));
      } catch (IllegalArgumentException | IllegalCallerException e) {
        return new Loading.Unavailable(
            "librados.so.2 or librbd.so.1 cannot be loaded (" + e.getMessage() + ")" + INSTALL);
      }
    }
  }

  /** Whether calls are made as these libraries expect them. */
  static boolean isKnown(String system, String architecture) {
    return system.equals("Linux")
        && (architecture.equals("amd64") || architecture.equals("aarch64"));
  }

  /** The libraries of this machine, looked for once. Takes some milliseconds the first time. */
  public static Loading load() {
    return Machine.LOADING;
  }

  /** Libraries from elsewhere. */
  public static Loading of(SymbolLookup libraries) {
    try {
      return new Loading.Loaded(new CephLibrary(new Librados(libraries), new Librbd(libraries)));
    } catch (NoSuchElementException e) {
      return new Loading.Unavailable(
          "librados or librbd is older than Ceph 16 (" + e.getMessage() + ")" + INSTALL);
    }
  }

  /** Such as {@code "librbd 1.18.0"}: 1.16 is of Ceph 16, 1.18 of 18, and so on. */
  public String version() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_INT, 3);
      long start = out.address();
      rbd.version.call(start, start + Integer.BYTES, start + 2 * Integer.BYTES);
      return "librbd %d.%d.%d"
          .formatted(
              out.getAtIndex(JAVA_INT, 0),
              out.getAtIndex(JAVA_INT, 1),
              out.getAtIndex(JAVA_INT, 2));
    }
  }

  /**
   * Why no delta since a snapshot that is not a user's (those of ceph-csi, of groups, and removed
   * ones) can be had, a sentence; empty if it can.
   */
  public Optional<String> whyNoDiffById() {
    return rbd.diffById != null
        ? Optional.empty()
        : Optional.of(
            version() + " has no rbd_diff_iterate3, which came with Ceph 18.2.5, 19.2.3 and 20");
  }

  /**
   * Connects to a cluster.
   *
   * @throws CephFailure {@link CephErrno#REFUSED} for a wrong user or key, {@link
   *     CephErrno#TIMED_OUT} if no monitor answers within {@link ClusterSettings#connectTimeout()}
   */
  public ClusterConnection connect(ClusterSettings settings) throws CephFailure {
    return ClusterConnection.open(rados, rbd, settings);
  }
}

package io.blockmover.ceph.rbd.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.source.AddressedVolume;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.source.TargetTerms;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.ClusterSettings;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An image in pool {@code rbd} of the cluster that CEPH_CONF names, made and treated by the {@code
 * rbd} command as administrator; removed when it is closed, its clones and snapshots first.
 */
public final class TestImage implements AutoCloseable {

  /** A user who may only read, and one who may write: see the rig's README. */
  public static final String READER = "mover";

  public static final String WRITER = "writer";

  private static final int STEP = 64 << 10;

  private final String name = "source-" + UUID.randomUUID();

  public static TestImage ofBytes(long sizeBytes) {
    TestImage image = new TestImage();
    rbd("create", "--size", sizeBytes + "B", image.spec());
    return image;
  }

  /** One that is not there yet. */
  static TestImage missing() {
    return new TestImage();
  }

  static TestImage holding(byte[] content) throws Exception {
    TestImage image = ofBytes(content.length);
    image.write(0, content);
    return image;
  }

  /** As {@link #holding}, but what is zeros is not allocated, in steps of 64 KiB. */
  static TestImage holdingSparsely(byte[] content) throws Exception {
    TestImage made = ofBytes(content.length);
    made.change(
        image -> {
          for (int from = 0; from < content.length; from += STEP) {
            byte[] piece = Arrays.copyOfRange(content, from, Math.min(content.length, from + STEP));
            if (!Arrays.equals(piece, new byte[piece.length])) {
              write(image, from, piece);
            }
          }
        });
    return made;
  }

  public String name() {
    return name;
  }

  /** For {@code rbd}. */
  public String spec() {
    return "rbd/" + name;
  }

  /** For mover. */
  String address() {
    return "rbd:" + spec();
  }

  public void snapshot(String snapshot) {
    rbd("snap", "create", "--no-progress", spec() + "@" + snapshot);
  }

  public void removeSnapshot(String snapshot) {
    rbd("snap", "rm", "--no-progress", spec() + "@" + snapshot);
  }

  /** A clone of a snapshot, in the second format, which needs no protection. */
  public TestImage cloned(String snapshot) {
    TestImage clone = new TestImage();
    rbd("clone", "--rbd-default-clone-format", "2", spec() + "@" + snapshot, clone.spec());
    return clone;
  }

  void write(long offset, byte[] bytes) throws Exception {
    change(image -> write(image, offset, bytes));
  }

  /** Discards part of it. */
  void discard(long offset, long length) throws Exception {
    change(image -> image.discard(offset, length));
  }

  /** What is done to an open image. */
  interface Change {
    void to(RbdImage image) throws CephFailure;
  }

  void change(Change change) throws Exception {
    try (ClusterConnection cluster = connect("admin");
        RbdPool pool = cluster.pool("rbd", "");
        RbdImage image = pool.openForWriting(name)) {
      change.to(image);
      image.flush();
    }
  }

  private static void write(RbdImage image, long offset, byte[] bytes) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      image.write(offset, arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes));
    }
  }

  byte[] content() throws Exception {
    try (ClusterConnection cluster = connect("admin");
        RbdPool pool = cluster.pool("rbd", "");
        RbdImage image = pool.openReadOnly(name);
        Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(image.sizeBytes());
      assertThat(image.read(0, bytes)).isEqualTo((int) bytes.byteSize());
      return bytes.toArray(ValueLayout.JAVA_BYTE);
    }
  }

  AddressedVolume open(String snapshot) throws Exception {
    return open(snapshot, Map.of());
  }

  /** As a user who may only read. */
  AddressedVolume open(String snapshot, Map<String, String> more) throws Exception {
    String address = snapshot.isEmpty() ? address() : address() + "@" + snapshot;
    return new RbdVolumeProvider().openSource(address, options(READER, more));
  }

  BlockTarget openTarget(TargetTerms terms) throws Exception {
    return openTarget(terms, WRITER, Map.of());
  }

  BlockTarget openTarget(TargetTerms terms, String user, Map<String, String> more)
      throws Exception {
    return new RbdVolumeProvider().openTarget(address(), terms, options(user, more));
  }

  static Map<String, String> options(String user, Map<String, String> more) {
    Map<String, String> options = new HashMap<>(more);
    options.putIfAbsent("ceph-id", user);
    options.putIfAbsent("ceph-conf", conf());
    return options;
  }

  public static String conf() {
    String conf = System.getenv("CEPH_CONF");
    assertThat(conf).as("CEPH_CONF of a cluster for tests").isNotNull();
    return conf;
  }

  static ClusterConnection connect(String user) throws Exception {
    CephLibrary.Loading.Loaded loaded = (CephLibrary.Loading.Loaded) CephLibrary.load();
    return loaded.library().connect(ClusterSettings.ofFile(conf(), user));
  }

  /** Runs the command to its end, as administrator. */
  public static String rbd(String... arguments) {
    List<String> command = new ArrayList<>(List.of("rbd", "-c", conf()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s said %s", command, said).isZero();
      return said;
    } catch (IOException e) {
      throw new AssertionError(command + " cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(command + " was interrupted", e);
    }
  }

  @Override
  public void close() {
    List<String> left = List.of("image does not exist", "No such file");
    try {
      rbd("snap", "purge", "--no-progress", spec());
      rbd("rm", "--no-progress", spec());
    } catch (AssertionError e) {
      if (left.stream().noneMatch(it -> String.valueOf(e.getMessage()).contains(it))) {
        throw e;
      }
    }
  }
}

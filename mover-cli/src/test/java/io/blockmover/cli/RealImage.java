package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.source.TargetTerms;
import io.blockmover.ceph.rbd.volume.RbdVolumeProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An image in pool {@code rbd} of the cluster that CEPH_CONF names; removed, with its snapshots,
 * when it is closed.
 */
final class RealImage implements AutoCloseable {

  private final String name = "cli-" + UUID.randomUUID();

  static RealImage ofBytes(long sizeBytes) {
    RealImage image = new RealImage();
    rbd("create", "--size", sizeBytes + "B", image.spec());
    return image;
  }

  /** One that is not there yet. */
  static RealImage missing() {
    return new RealImage();
  }

  /** For {@code rbd}. */
  String spec() {
    return "rbd/" + name;
  }

  /** For mover. */
  String address() {
    return "rbd:" + spec();
  }

  void snapshot(String snapshot) {
    rbd("snap", "create", "--no-progress", spec() + "@" + snapshot);
  }

  void removeSnapshot(String snapshot) {
    rbd("snap", "rm", "--no-progress", spec() + "@" + snapshot);
  }

  void resize(long sizeBytes) {
    rbd("resize", "--no-progress", "--allow-shrink", "--size", sizeBytes + "B", spec());
  }

  void write(long offset, byte[] bytes) throws IOException {
    try (BlockTarget target = target()) {
      target.write(offset, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
      target.flush();
    }
  }

  void zero(long offset, long length) throws IOException {
    try (BlockTarget target = target()) {
      target.zero(new Extent(offset, length));
      target.flush();
    }
  }

  private BlockTarget target() throws IOException {
    return new RbdVolumeProvider()
        .openTarget(address(), new TargetTerms(0, true, false, false), options("writer"));
  }

  byte[] content() throws IOException {
    try (BlockSource source = open("")) {
      ByteBuffer into = ByteBuffer.allocateDirect((int) source.sizeBytes());
      assertThat(source.read(0, into)).isEqualTo(into.capacity());
      byte[] bytes = new byte[into.capacity()];
      into.flip().get(bytes);
      return bytes;
    }
  }

  /** As a user who may only read. */
  BlockSource open(String snapshot) throws IOException {
    String whole = snapshot.isEmpty() ? address() : address() + "@" + snapshot;
    return new RbdVolumeProvider().openSource(whole, options("mover")).source();
  }

  static Map<String, String> options(String user) {
    return Map.of("ceph-conf", conf(), "ceph-id", user);
  }

  static String conf() {
    String conf = System.getenv("CEPH_CONF");
    assertThat(conf).as("CEPH_CONF of a cluster for tests").isNotNull();
    return conf;
  }

  /** Runs the command to its end, as administrator. */
  static String rbd(String... arguments) {
    List<String> command = new ArrayList<>(List.of("rbd", "-c", conf()));
    command.addAll(List.of(arguments));
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
    if (rbd("ls", "rbd").lines().anyMatch(name::equals)) {
      rbd("snap", "purge", "--no-progress", spec());
      rbd("rm", "--no-progress", spec());
    }
  }
}

package io.blockmover.engine.device;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which block device is built on which, as /sys says. Where it says nothing, so does this. */
final class BlockTree {

  /**
   * @param numbers "major:minor"
   * @param name as in /dev
   */
  record Node(String numbers, String name, Relation relation) {}

  /** How a device stands on the one that was asked about. */
  enum Relation {
    ITSELF,
    PARTITION,
    /** Device mapper, software RAID and the like. */
    HOLDER,
    LOOP
  }

  private final Path sys;

  BlockTree(Path sys) {
    this.sys = sys;
  }

  /** The device or file itself, if a device, and everything built on it, however high. */
  List<Node> standingOn(FileStatus status) {
    Map<String, Node> found = new LinkedHashMap<>();
    if (status.isBlockDevice()) {
      add(status.represents(), Relation.ITSELF, found);
    } else {
      addLoops(status, found);
    }
    return List.copyOf(found.values());
  }

  private void add(String numbers, Relation relation, Map<String, Node> found) {
    if (found.containsKey(numbers)) {
      return;
    }
    Path directory = sys.resolve("dev/block").resolve(numbers);
    Node node = new Node(numbers, name(directory), relation);
    found.put(numbers, node);
    for (Path child : children(directory)) {
      if (Files.exists(child.resolve("partition"))) {
        line(child.resolve("dev")).ifPresent(it -> add(it, Relation.PARTITION, found));
      }
    }
    for (Path holder : children(directory.resolve("holders"))) {
      line(holder.resolve("dev")).ifPresent(it -> add(it, Relation.HOLDER, found));
    }
    statusOf(Path.of("/dev").resolve(node.name())).ifPresent(it -> addLoops(it, found));
  }

  private void addLoops(FileStatus below, Map<String, Node> found) {
    for (Path device : children(sys.resolve("block"))) {
      Optional<FileStatus> backing =
          line(device.resolve("loop/backing_file")).flatMap(it -> statusOf(Path.of(it)));
      if (backing.isPresent() && sameVolume(backing.get(), below)) {
        line(device.resolve("dev")).ifPresent(it -> add(it, Relation.LOOP, found));
      }
    }
  }

  static boolean sameVolume(FileStatus one, FileStatus other) {
    if (one.isBlockDevice() && other.isBlockDevice()) {
      return one.represents().equals(other.represents());
    }
    return one.sameFile(other);
  }

  static Optional<FileStatus> statusOf(Path path) {
    try {
      return Optional.of(NativeIo.status(path));
    } catch (NativeFailure e) {
      return Optional.empty();
    }
  }

  /** The directory's real name, in which /sys writes "!" for "/"; a mapped device's given name. */
  private static String name(Path directory) {
    Optional<String> mapped = line(directory.resolve("dm/name"));
    if (mapped.isPresent()) {
      return "mapper/" + mapped.get();
    }
    try {
      return directory.toRealPath().getFileName().toString().replace('!', '/');
    } catch (IOException e) {
      return directory.getFileName().toString();
    }
  }

  private static Optional<String> line(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static List<Path> children(Path directory) {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(children::add);
    } catch (IOException e) {
      return List.of();
    }
    return children;
  }
}

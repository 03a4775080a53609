package io.blockmover.engine.device;

import io.blockmover.engine.device.BlockTree.Node;
import io.blockmover.engine.device.BlockTree.Relation;
import io.blockmover.engine.device.MountTable.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Who uses a device or file, as far as this process can see. Opening a device with O_EXCL finds the
 * rest (mounts in other namespaces, say) but cannot name them.
 */
final class DeviceUse {
  private final MountTable mounts;
  private final List<String> swaps;
  private final BlockTree tree;

  DeviceUse(MountTable mounts, List<String> swaps, BlockTree tree) {
    this.mounts = mounts;
    this.swaps = List.copyOf(swaps);
    this.tree = tree;
  }

  static DeviceUse ofThisSystem() {
    return new DeviceUse(
        MountTable.load(Path.of("/proc/self/mountinfo")),
        swaps(Path.of("/proc/swaps")),
        new BlockTree(Path.of("/sys")));
  }

  /** The first column of /proc/swaps, without its title. */
  private static List<String> swaps(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1)
          .lines()
          .skip(1)
          .map(line -> MountTable.unescape(line.split("[ \t]", 2)[0]))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** How it is used, as the end of a sentence that begins with its name; empty if it is not. */
  Optional<String> describe(FileStatus status) {
    List<Node> nodes = tree.standingOn(status);
    for (Node node : nodes) {
      Optional<Mount> mount = mountOf(node, false);
      if (mount.isPresent()) {
        return Optional.of(by(node) + "is mounted at " + mount.get().mountPoint());
      }
    }
    for (Node node : nodes) {
      if (isSwap(Path.of("/dev").resolve(node.name()))) {
        return Optional.of(by(node) + "is used as swap");
      }
    }
    if (swaps.stream().anyMatch(it -> isSame(Path.of(it), status))) {
      return Optional.of("is used as swap");
    }
    return nodes.stream()
        .filter(it -> it.relation() == Relation.HOLDER || it.relation() == Relation.LOOP)
        .findFirst()
        .map(it -> "is in use by /dev/" + it.name());
  }

  /** A mount point at which it, or what is built on it, can be written. */
  Optional<String> mountedReadWrite(FileStatus status) {
    return tree.standingOn(status).stream()
        .map(node -> mountOf(node, true))
        .flatMap(Optional::stream)
        .map(Mount::mountPoint)
        .findFirst();
  }

  private static String by(Node node) {
    return switch (node.relation()) {
      case ITSELF -> "";
      case PARTITION -> "has a partition, /dev/" + node.name() + ", that ";
      case HOLDER, LOOP -> "is in use by /dev/" + node.name() + ", which ";
    };
  }

  private Optional<Mount> mountOf(Node node, boolean writable) {
    return mounts.mounts().stream()
        .filter(it -> !writable || !it.readOnly())
        .filter(it -> it.device().equals(node.numbers()) || isFrom(it.source(), node))
        .findFirst();
  }

  /** By the source's name, for file systems whose files show no real device. */
  private static boolean isFrom(String source, Node node) {
    return source.startsWith("/dev/")
        && BlockTree.statusOf(Path.of(source))
            .filter(it -> it.isBlockDevice() && it.represents().equals(node.numbers()))
            .isPresent();
  }

  private boolean isSwap(Path device) {
    return BlockTree.statusOf(device)
        .filter(status -> swaps.stream().anyMatch(it -> isSame(Path.of(it), status)))
        .isPresent();
  }

  private static boolean isSame(Path path, FileStatus status) {
    return BlockTree.statusOf(path).filter(it -> BlockTree.sameVolume(it, status)).isPresent();
  }
}

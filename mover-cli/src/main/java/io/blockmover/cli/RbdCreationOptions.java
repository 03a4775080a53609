package io.blockmover.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether and how an RBD image is made for a restore. */
final class RbdCreationOptions {

  @Option(
      names = "--create",
      description = "Make the image, of the backup's size, if it is not there.")
  private boolean create;

  @Option(
      names = "--image-feature",
      paramLabel = "NAME,...",
      description = "With --create: its features. Default: what ceph.conf says, or Ceph's own.")
  private @Nullable String features;

  @Option(
      names = "--data-pool",
      paramLabel = "POOL",
      description = "With --create: where its data goes, such as an erasure-coded pool.")
  private @Nullable String dataPool;

  @Option(
      names = "--object-size",
      paramLabel = "SIZE",
      description = "With --create: size of its objects, such as 4M.")
  private @Nullable String objectSize;

  boolean isWanted() {
    return create;
  }

  /** What can be refused without asking anybody. */
  void check(String target) throws Complaint {
    if (!create && !of().isEmpty()) {
      throw Complaint.usage(
          "--image-feature, --data-pool and --object-size are for an image that is made",
          "give --create, or leave them out");
    }
    if (create && AddressedVolumes.provider(target).isEmpty()) {
      throw Complaint.usage(
          "--create makes an RBD image, and the target is none",
          "leave it out: a file is made if it is not there");
    }
  }

  /** By name, for whoever serves the address. */
  Map<String, String> of() {
    Map<String, @Nullable String> given = new LinkedHashMap<>();
    given.put("image-feature", features);
    given.put("data-pool", dataPool);
    given.put("object-size", objectSize);
    Map<String, String> all = new LinkedHashMap<>();
    given.forEach((name, value) -> Optional.ofNullable(value).ifPresent(v -> all.put(name, v)));
    return all;
  }
}

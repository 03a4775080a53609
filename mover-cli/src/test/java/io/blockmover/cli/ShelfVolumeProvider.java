package io.blockmover.cli;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.source.AddressedVolume;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.source.TargetTerms;
import io.blockmover.api.source.VolumeProvider;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.testkit.MemoryBlockSource;
import io.blockmover.testkit.MemoryBlockTarget;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** {@code shelf:NAME}: volumes in memory that tests put there. */
public final class ShelfVolumeProvider implements VolumeProvider {

  static final Map<String, byte[]> SOURCES = new ConcurrentHashMap<>();
  static final Map<String, MemoryBlockTarget> TARGETS = new ConcurrentHashMap<>();
  static final Map<String, TargetTerms> TERMS = new ConcurrentHashMap<>();

  @Override
  public String scheme() {
    return "shelf";
  }

  @Override
  public AddressedVolume openSource(String address, Map<String, String> options)
      throws DeviceFailed {
    byte[] content = SOURCES.get(name(address));
    if (content == null) {
      throw new DeviceFailed(address + " is not on the shelf", "put it there");
    }
    return new AddressedVolume(
        new MemoryBlockSource(content).named(address),
        "shelf:" + name(address),
        new SnapshotReference("shelf", "", name(address), content.length, Map.of()),
        List.of("the shelf is live"));
  }

  @Override
  public BlockTarget openTarget(String address, TargetTerms terms, Map<String, String> options) {
    TERMS.put(name(address), terms);
    return TARGETS.computeIfAbsent(
        name(address), _ -> new MemoryBlockTarget((int) terms.sizeBytes()));
  }

  private static String name(String address) {
    String name = address.substring("shelf:".length());
    if (name.isEmpty()) {
      throw new IllegalArgumentException(address + " names nothing on the shelf");
    }
    return name;
  }
}

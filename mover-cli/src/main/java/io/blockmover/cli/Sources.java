package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.AddressedVolume;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.VolumeProvider;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.stream.ThrottledSource;
import io.blockmover.engine.device.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Opens what a person names as a volume to read. */
final class Sources {

  /** Standard input or output. */
  static final String STREAM = "-";

  private Sources() {}

  /**
   * An opened source.
   *
   * @param kind {@code file}, {@code device}, {@code stream}, or the scheme of an address
   * @param volume the name it has where the user gave none
   * @param reference what trackers are asked about
   */
  record Opened(BlockSource source, String kind, String volume, SnapshotReference reference)
      implements AutoCloseable {

    /** Of something that no tracker but the comparison knows. */
    Opened(BlockSource source, String kind, String volume) {
      this(
          source,
          kind,
          volume,
          new SnapshotReference(kind, "", volume, source.sizeBytes(), Map.of()));
    }

    /** The same, read no faster than so many bytes a second; 0 for as fast as it goes. */
    Opened withReadLimit(long readLimit) {
      return new Opened(limited(source, readLimit), kind, volume, reference);
    }

    @Override
    public void close() {
      source.close();
    }
  }

  /**
   * Opens a source.
   *
   * @param name a path, an address such as {@code rbd:pool/image@snapshot}, or {@code -} for
   *     standard input
   * @param readLimit bytes per second, 0 for none
   * @param ceph how to reach the cluster of an {@code rbd:} address
   */
  static Opened open(
      String name, long readLimit, CephOptions ceph, Surroundings surroundings, Output output)
      throws MoverException, Complaint {
    if (name.equals(STREAM)) {
      BlockSource input = Devices.openStandardInput(surroundings.in(), spoolDirectory());
      return new Opened(limited(input, readLimit), "stream", "stdin");
    }
    Optional<VolumeProvider> provider = AddressedVolumes.provider(name);
    if (provider.isPresent()) {
      AddressedVolume volume =
          AddressedVolumes.openSource(provider.get(), name, ceph.of(surroundings));
      volume.warnings().forEach(output::warn);
      return new Opened(
          limited(volume.source(), readLimit),
          provider.get().scheme(),
          volume.volume(),
          volume.reference());
    }
    Path path = Path.of(name);
    Optional<String> mounted = Devices.mountedReadWrite(path);
    mounted.ifPresent(
        where ->
            output.warn(
                name
                    + " is mounted for writing on "
                    + where
                    + ": the backup will mix moments; back up a snapshot instead, if there can be"
                    + " one"));
    BlockSource source = Devices.openSource(path);
    return new Opened(
        limited(source, readLimit), Files.isRegularFile(path) ? "file" : "device", realPath(path));
  }

  /** Where streams are collected. */
  static Path spoolDirectory() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  private static BlockSource limited(BlockSource source, long readLimit) {
    return readLimit == 0 ? source : new ThrottledSource(source, readLimit);
  }

  private static String realPath(Path path) {
    try {
      return path.toRealPath().toString();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize().toString();
    }
  }
}

package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.stream.ThrottledSource;
import io.blockmover.engine.device.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Opens what a person names as a volume to read. */
final class Sources {

  /** Standard input or output. */
  static final String STREAM = "-";

  private Sources() {}

  /**
   * An opened source.
   *
   * @param kind {@code file}, {@code device} or {@code stream}
   * @param volume the name it has where the user gave none
   */
  record Opened(BlockSource source, String kind, String volume) implements AutoCloseable {

    @Override
    public void close() {
      source.close();
    }
  }

  /**
   * Opens a source.
   *
   * @param name a path, or {@code -} for standard input
   * @param readLimit bytes per second, 0 for none
   */
  static Opened open(String name, long readLimit, Surroundings surroundings, Output output)
      throws MoverException {
    if (name.equals(STREAM)) {
      BlockSource input = Devices.openStandardInput(surroundings.in(), spoolDirectory());
      return new Opened(limited(input, readLimit), "stream", "stdin");
    }
    Path path = Path.of(name);
    Optional<String> mounted = Devices.mountedReadWrite(path);
    mounted.ifPresent(
        where ->
            output.warn(
                name
                    + " is mounted for writing on "
                    + where
                    + ": the backup will mix moments; back up a snapshot instead, if there can be one"));
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

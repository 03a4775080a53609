package io.blockmover.repository.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.Cancelled;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.StoreFull;
import io.blockmover.api.StoreRejected;
import io.blockmover.api.StoreUnavailable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FileFailuresTest {

  @TempDir Path root;

  static Stream<Arguments> rows() {
    return Stream.of(
        Arguments.of(new IOException("No space left on device"), StoreFull.class),
        Arguments.of(new IOException("Disk quota exceeded"), StoreFull.class),
        Arguments.of(new AccessDeniedException("f"), AccessDenied.class),
        Arguments.of(fileSystem("Operation not permitted"), AccessDenied.class),
        Arguments.of(fileSystem("Read-only file system"), AccessDenied.class),
        Arguments.of(new NotDirectoryException("f"), StoreRejected.class),
        Arguments.of(fileSystem("Not a directory"), StoreRejected.class),
        Arguments.of(
            fileSystem(
                "Too many levels of symbolic links or unable to access attributes of symbolic link"),
            StoreRejected.class),
        Arguments.of(new ClosedByInterruptException(), Cancelled.class),
        Arguments.of(new FileLockInterruptionException(), Cancelled.class),
        Arguments.of(new IOException("Input/output error"), StoreUnavailable.class),
        Arguments.of(fileSystem("Stale file handle"), StoreUnavailable.class));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void eachFailureHasItsMeaning(IOException failure, Class<? extends MoverException> meaning) {
    MoverException mapped = new FileFailures(root, "write k", 0).map(failure);
    assertThat(mapped).isInstanceOf(meaning).hasCause(failure);
  }

  @Test
  void aFullDiskIsSeenInAnyLanguage() {
    IOException german =
        new IOException("Auf dem Ger\u00e4t ist kein Speicherplatz mehr verf\u00fcgbar");
    assertThat(new FileFailures(root, "write k", Long.MAX_VALUE).map(german))
        .isInstanceOf(StoreFull.class);
  }

  @Test
  void whatIsKnownAlreadyStaysAsItIs() {
    CorruptData known = new CorruptData("k", "a", "b");
    assertThat(new FileFailures(root, "read k", 0).map(known)).isSameAs(known);
  }

  private static IOException fileSystem(String reason) {
    return new FileSystemException("f", null, reason);
  }
}

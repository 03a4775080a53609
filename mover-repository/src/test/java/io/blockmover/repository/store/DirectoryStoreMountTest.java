package io.blockmover.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.StoreFull;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system of its own, which fills up and is mounted read-only; needs to be root. */
class DirectoryStoreMountTest {

  @TempDir Path mountPoint;

  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mountPoint.toString());
    assumeTrue(mounted, "only root can mount");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", mountPoint.toString())).isTrue();
    }
  }

  @Test
  void aFullDiskIsSaidToBeFullAndKeepsNothingPartial() throws Exception {
    DirectoryStore store = new DirectoryStore(mountPoint);
    store.put("small", ByteBuffer.allocate(1000));
    assertThatThrownBy(() -> store.put("large", ByteBuffer.allocateDirect(2 << 20)))
        .isInstanceOf(StoreFull.class)
        .hasMessageContaining("large");
    assertThat(store.find("large")).isEmpty();
    try (Stream<Path> left = Files.list(mountPoint.resolve("tmp~"))) {
      assertThat(left).isEmpty();
    }
    store.put("small", ByteBuffer.allocate(2000));
    assertThat(store.load("small", 2000).bytes()).hasSize(2000);
  }

  @Test
  void aReadOnlyDiskIsReadAndNotWritten() throws Exception {
    DirectoryStore store = new DirectoryStore(mountPoint);
    store.put("k", ByteBuffer.allocate(10));
    assertThat(run("mount", "-o", "remount,ro", mountPoint.toString())).isTrue();
    DirectoryStore readOnly = new DirectoryStore(mountPoint);
    assertThat(readOnly.load("k", 10).bytes()).hasSize(10);
    assertThat(readOnly.list("", "").next()).isPresent();
    assertThatThrownBy(() -> readOnly.put("new", ByteBuffer.allocate(1)))
        .isInstanceOf(AccessDenied.class);
    assertThatThrownBy(() -> readOnly.delete("k")).isInstanceOf(AccessDenied.class);
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(new ArrayList<>(List.of(command))).start().waitFor() == 0;
  }
}

package io.blockmover.cli.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpoolTest {

  @Test
  void whatGoesInComesOut() throws Exception {
    byte[] content = new byte[3 * 65536 + 17];
    new Random(7).nextBytes(content);
    Arrays.fill(content, 65536, 2 * 65536, (byte) 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Path file;
    try (Spool spool = Spool.create()) {
      file = spool.file();
      spool.fill(new ByteArrayInputStream(content));
      assertThat(Files.size(file)).isEqualTo(content.length);
      spool.drain(out);
    }
    assertThat(out.toByteArray()).isEqualTo(content);
    assertThat(file).doesNotExist();
  }

  @Test
  void zerosAtTheEndAreKept() throws Exception {
    try (Spool spool = Spool.create()) {
      spool.fill(new ByteArrayInputStream(new byte[200_000]));
      assertThat(Files.size(spool.file())).isEqualTo(200_000);
    }
  }
}

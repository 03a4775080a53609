package io.blockmover.cli.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class CheckedOutputTest {

  @Test
  void bytesPassUnchanged() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CheckedOutput out = new CheckedOutput(new PrintStream(bytes, true))) {
      out.write(7);
      out.write(new byte[] {1, 2, 3}, 1, 2);
    }
    assertThat(bytes.toByteArray()).containsExactly(7, 2, 3);
  }

  @Test
  void aFullDiskIsNoSuccess() {
    CheckedOutput out = new CheckedOutput(new PrintStream(new FullDisk(), false));
    assertThatThrownBy(() -> out.write(new byte[100], 0, 100)).isInstanceOf(IOException.class);
    assertThatThrownBy(out::flush).isInstanceOf(IOException.class);
  }

  private static final class FullDisk extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      throw new IOException("No space left on device");
    }
  }
}

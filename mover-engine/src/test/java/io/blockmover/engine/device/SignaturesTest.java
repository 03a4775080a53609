package io.blockmover.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignaturesTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mkfs.ext2 -q -F        | an ext2 file system",
        "mkfs.ext3 -q -F        | an ext3 file system",
        "mkfs.ext4 -q -F        | an ext4 file system",
        "mkfs.ext4 -q -F -b 1024| an ext4 file system",
        "mkfs.xfs -q -f         | an xfs file system",
        "mkswap -q              | swap space",
        "mkswap -q -p 65536     | swap space",
      })
  void whatTheRealToolsMakeIsRecognised(String command, String expected) throws Exception {
    String[] words = (command.strip() + " " + directory.resolve("image")).split(" +");
    Command.assumeRootAnd(words[0]);
    Path image = directory.resolve("image");
    LoopDevice.resize(image, 320L << 20);
    Command.run(words);
    byte[] start = new byte[Signatures.PROBE_BYTES];
    try (var in = Files.newInputStream(image)) {
      assertThat(in.readNBytes(start, 0, start.length)).isEqualTo(start.length);
    }
    assertThat(Signatures.recognise(start)).contains(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4c554b53babe, a LUKS volume",
    "536, 4c564d3220303031, ",
    "512, 4c4142454c4f4e45, an LVM2 physical volume",
    "1536, 4c4142454c4f4e45, an LVM2 physical volume",
    "65600, 5f42485266535f4d, a btrfs file system",
    "512, 4546492050415254, a partition table (GPT)",
    "4096, 4546492050415254, a partition table (GPT)",
    "510, 55aa, a partition table (MBR) or boot sector",
    "3, 4e54465320202020, an NTFS file system",
    "82, 4641543332202020, a FAT file system",
    "4096, fc4e2ba9, a software RAID member",
    "132096, 0cb1ba0000000000, a zfs pool member",
    "262144, 0cb1ba0000000000, ",
    "32769, 4344303031, an ISO 9660 file system",
  })
  void aMarkAtItsPlaceIsRecognised(int offset, String hex, String expected) {
    byte[] start = new byte[Signatures.PROBE_BYTES + 4096];
    byte[] mark = HexFormat.of().parseHex(hex);
    System.arraycopy(mark, 0, start, offset, mark.length);
    byte[] probed = Arrays.copyOf(start, Signatures.PROBE_BYTES);
    assertThat(Signatures.recognise(probed).orElse(null)).isEqualTo(expected);
    start[offset] ^= 1;
    assertThat(Signatures.recognise(Arrays.copyOf(start, Signatures.PROBE_BYTES))).isEmpty();
  }

  @Test
  void zerosTextAndTheShortestVolumesHoldNothingKnown() {
    assertThat(Signatures.recognise(new byte[Signatures.PROBE_BYTES])).isEmpty();
    assertThat(Signatures.recognise(new byte[0])).isEmpty();
    assertThat(Signatures.recognise(new byte[511])).isEmpty();
    byte[] text = new byte[Signatures.PROBE_BYTES];
    byte[] line = "the quick brown fox ".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < text.length; i++) {
      text[i] = line[i % line.length];
    }
    assertThat(Signatures.recognise(text)).isEmpty();
  }

  @Test
  void anExtMagicNumberAtTheVeryEndIsNoReasonToFail() {
    byte[] start = new byte[0x43a];
    new Random(1).nextBytes(start);
    start[0x438] = 0x53;
    start[0x439] = (byte) 0xef;
    assertThat(Signatures.recognise(start)).isPresent();
  }
}

package io.blockmover.engine.device;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Knows file systems, partition tables and the like by the marks at their beginning, as blkid does;
 * enough to tell a person what would be overwritten.
 */
final class Signatures {

  /** How much of the beginning is needed. */
  static final int PROBE_BYTES = 256 << 10;

  private static final HexFormat HEX = HexFormat.of();

  /** Some bytes, one a character, at some place. */
  private record Mark(String meaning, int offset, String bytes) {
    boolean isIn(String start) {
      return start.startsWith(bytes, offset);
    }
  }

  /** Partition tables come last but one, since some file systems end their first block likewise. */
  private static final List<Mark> MARKS =
      List.of(
          mark("a LUKS volume", 0, "LUKS\u00ba\u00be"),
          mark("an xfs file system", 0, "XFSB"),
          mark("a btrfs file system", 0x10040, "_BHRfS_M"),
          mark("an LVM2 physical volume", 0, "LABELONE"),
          mark("an LVM2 physical volume", 512, "LABELONE"),
          mark("an LVM2 physical volume", 1024, "LABELONE"),
          mark("an LVM2 physical volume", 1536, "LABELONE"),
          mark("swap space", 4086, "SWAPSPACE2"),
          mark("swap space", 16374, "SWAPSPACE2"),
          mark("swap space", 65526, "SWAPSPACE2"),
          mark("a hibernation image", 4086, "S1SUSPEND"),
          mark("a Ceph BlueStore", 0, "bluestore block device"),
          mark("a bcache device", 4120, hex("c68573f64e1a45ca8265f57f48ba6d81")),
          mark("a software RAID member", 4096, hex("fc4e2ba9")),
          mark("a software RAID member", 0, hex("fc4e2ba9")),
          mark("an f2fs file system", 1024, hex("1020f5f2")),
          mark("an erofs file system", 1024, hex("e2e1f5e0")),
          mark("a squashfs file system", 0, "hsqs"),
          mark("an NTFS file system", 3, "NTFS    "),
          mark("an exFAT file system", 3, "EXFAT   "),
          mark("a FAT file system", 54, "FAT1"),
          mark("a FAT file system", 82, "FAT32   "),
          mark("an ISO 9660 file system", 0x8001, "CD001"),
          mark("a partition table (GPT)", 512, "EFI PART"),
          mark("a partition table (GPT)", 4096, "EFI PART"));

  private static final Mark EXT = mark("ext", 0x438, hex("53ef"));
  private static final Mark BOOT = mark("a partition table (MBR) or boot sector", 510, hex("55aa"));

  private Signatures() {}

  private static String hex(String digits) {
    return new String(HEX.parseHex(digits), StandardCharsets.ISO_8859_1);
  }

  private static Mark mark(String meaning, int offset, String bytes) {
    return new Mark(meaning, offset, bytes);
  }

  /**
   * What the volume holds, with an article.
   *
   * @param start the first {@link #PROBE_BYTES}, or fewer if there are no more
   */
  static Optional<String> recognise(byte[] start) {
    String text = new String(start, StandardCharsets.ISO_8859_1);
    if (EXT.isIn(text)) {
      return Optional.of(ext(text));
    }
    for (Mark mark : MARKS) {
      if (mark.isIn(text)) {
        return Optional.of(mark.meaning());
      }
    }
    if (hasZfsUberblock(text)) {
      return Optional.of("a zfs pool member");
    }
    return BOOT.isIn(text) ? Optional.of(BOOT.meaning()) : Optional.empty();
  }

  private static String ext(String start) {
    if (start.length() <= 0x461) {
      return "an ext file system";
    }
    boolean journal = (start.charAt(0x45c) & 0x04) != 0;
    // Extents, 64 bit or flexible groups: features that only ext4 has.
    boolean modern = (start.charAt(0x460) & 0xc0) != 0 || (start.charAt(0x461) & 0x02) != 0;
    if (modern) {
      return "an ext4 file system";
    }
    return journal ? "an ext3 file system" : "an ext2 file system";
  }

  /** The first label's ring of uberblocks, in either byte order. */
  private static boolean hasZfsUberblock(String start) {
    String little = hex("0cb1ba0000000000");
    String big = hex("0000000000bab10c");
    for (int at = 128 << 10; at < start.length(); at += 1024) {
      if (start.startsWith(little, at) || start.startsWith(big, at)) {
        return true;
      }
    }
    return false;
  }
}

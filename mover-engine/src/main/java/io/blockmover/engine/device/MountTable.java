package io.blockmover.engine.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is mounted in this process's mount namespace: /proc/self/mountinfo. */
final class MountTable {

  /**
   * @param device "major:minor" that its files show; not a real device for btrfs and the like
   * @param source what was mounted, most often a device's path
   * @param readOnly whether the file system itself, not only this mount of it, is read-only
   */
  record Mount(String device, String mountPoint, String source, boolean readOnly) {}

  private final List<Mount> mounts;

  private MountTable(List<Mount> mounts) {
    this.mounts = mounts;
  }

  /** Empty where there is no such table. */
  static MountTable load(Path mountInfo) {
    try {
      return parse(Files.readString(mountInfo, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return new MountTable(List.of());
    }
  }

  static MountTable parse(String mountInfo) {
    return new MountTable(
        mountInfo
            .lines()
            .map(MountTable::parseLine)
            .<Mount>mapMulti(
                (mount, found) -> {
                  if (mount != null) {
                    found.accept(mount);
                  }
                })
            .toList());
  }

  List<Mount> mounts() {
    return mounts;
  }

  /** {@code id parent major:minor root mountpoint options [tags…] - type source superoptions}. */
  private static @Nullable Mount parseLine(String line) {
    String[] fields = line.split(" ", -1);
    int dash = Arrays.asList(fields).indexOf("-");
    if (dash < 6 || fields.length < dash + 4) {
      return null;
    }
    boolean readOnly = Arrays.asList(fields[dash + 3].split(",", -1)).contains("ro");
    return new Mount(fields[2], unescape(fields[4]), unescape(fields[dash + 2]), readOnly);
  }

  /** The kernel writes blanks and backslashes as three octal digits. */
  static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 3 < text.length()) {
        out.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        out.append(c);
      }
    }
    return new String(out.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}

package io.blockmover.engine.golden;

import java.util.Arrays;
import java.util.Random;

/** The volume in the golden repositories, at each of its backups. Never change it. */
final class GoldenVolume {

  static final int BACKUPS = 4;

  private GoldenVolume() {}

  static byte[] at(int backup) {
    Random random = new Random(4711);
    byte[] content = new byte[1_500_000];
    fill(content, 0, 700_000, random, 4);
    fill(content, 900_000, 1_000_000, random, 256);
    if (backup >= 1) {
      fill(content, 300_000, 301_000, random, 256);
      Arrays.fill(content, 500_000, 650_000, (byte) 0);
    }
    if (backup >= 2) {
      content = Arrays.copyOf(content, 1_000_000);
      fill(content, 950_000, 950_001, random, 256);
    }
    if (backup >= 3) {
      content = Arrays.copyOf(content, 1_700_003);
      fill(content, 1_650_000, 1_700_003, random, 256);
    }
    return content;
  }

  private static void fill(byte[] content, int from, int to, Random random, int values) {
    for (int i = from; i < to; i++) {
      content[i] = (byte) random.nextInt(values);
    }
  }
}

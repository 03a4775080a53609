package io.blockmover.repository.catalogue;

import java.util.List;

/** HEADs, remembered; immutable, and deletable at any time. Its members are those of the JSON. */
record CatalogueSegment(int version, List<CatalogueRow> volumes) {

  static final int VERSION = 1;
  static final String PREFIX = "c/";

  CatalogueSegment {
    volumes = List.copyOf(volumes);
  }

  /** The level in a segment's key, or -1 if it is none. */
  static int levelOf(String key) {
    String[] parts = key.split("/", -1);
    if (parts.length != 3 || !parts[1].matches("[0-9]{1,3}")) {
      return -1;
    }
    return Integer.parseInt(parts[1]);
  }

  static String key(int level, String name) {
    return PREFIX + level + "/" + name;
  }
}

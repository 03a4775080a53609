package io.blockmover.repository.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blockmover.api.ConditionFailed;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.store.LoadedObject;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A process that races others for keys and swaps; started by {@link DirectoryStoreProcessTest}.
 * Prints {@code ready}, waits for a line, and prints how many keys it won and how often it swapped.
 */
final class StoreRacer {

  static final int KEYS = 200;
  static final int SWAPS = 200;

  private StoreRacer() {}

  public static void main(String[] arguments) throws Exception {
    try (DirectoryStore store = new DirectoryStore(Path.of(arguments[0]))) {
      System.out.println("ready");
      if (System.in.read() < 0) {
        return;
      }
      System.out.println(wonKeys(store, arguments[1]) + " " + swaps(store, arguments[1]));
    }
  }

  private static int wonKeys(DirectoryStore store, String name) throws Exception {
    int won = 0;
    for (int key = 0; key < KEYS; key++) {
      try {
        store.putIfAbsent("race/" + key, bytes(name));
        won++;
      } catch (ObjectAlreadyExists lost) {
        // Somebody else's.
      }
    }
    return won;
  }

  private static int swaps(DirectoryStore store, String name) throws Exception {
    int swaps = 0;
    for (int attempt = 0; attempt < SWAPS; attempt++) {
      LoadedObject now = store.load("v/HEAD", 100);
      long next = Long.parseLong(new String(now.bytes(), UTF_8).split(" ")[0]) + 1;
      try {
        store.replace("v/HEAD", bytes(next + " " + name), now.version());
        swaps++;
      } catch (ConditionFailed lost) {
        // Somebody else's.
      }
    }
    return swaps;
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}

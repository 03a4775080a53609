package io.blockmover.ceph.rbd.volume;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the variable CEPH_ARGS says, as Ceph's own commands read it: {@code --id mover -m host
 * --keyring=/file --rbd-cache false}.
 *
 * @param entity such as {@code client.mover}
 * @param conf file to read
 * @param settings options of the configuration, by their names with underscores
 */
record CephArguments(Optional<String> entity, Optional<String> conf, Map<String, String> settings) {

  private static final Map<String, String> SHORT =
      Map.of(
          "-c", "--conf",
          "-m", "--mon-host",
          "-k", "--keyring",
          "-K", "--keyfile",
          "-n", "--name",
          "--user", "--id");

  CephArguments {
    settings = Map.copyOf(settings);
  }

  /**
   * Reads the variable's value.
   *
   * @throws IllegalArgumentException if it makes no sense, with a message for the user
   */
  static CephArguments parse(String text) {
    Optional<String> entity = Optional.empty();
    Optional<String> conf = Optional.empty();
    Map<String, String> settings = new LinkedHashMap<>();
    Deque<String> words = new ArrayDeque<>(List.of(text.strip().split("\\s+", -1)));
    while (!words.isEmpty() && !words.peek().isEmpty()) {
      String word = words.pop();
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String given = equals < 0 ? word : word.substring(0, equals);
      String option = SHORT.getOrDefault(given, given);
      if (!option.startsWith("--") || option.length() == 2) {
        throw new IllegalArgumentException(
            "CEPH_ARGS: '" + word + "' is not understood; write --option value");
      }
      String value = equals < 0 ? words.poll() : word.substring(equals + 1);
      if (value == null) {
        throw new IllegalArgumentException("CEPH_ARGS: " + word + " has no value");
      }
      switch (option) {
        case "--id" -> entity = Optional.of("client." + value);
        case "--name" -> entity = Optional.of(value);
        case "--conf" -> conf = Optional.of(value);
        default -> settings.put(option.substring(2).replace('-', '_'), value);
      }
    }
    return new CephArguments(entity, conf, settings);
  }
}

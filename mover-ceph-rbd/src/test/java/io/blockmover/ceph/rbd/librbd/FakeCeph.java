package io.blockmover.ceph.rbd.librbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** src/test/c/fakeceph.c, built by gcc and loaded: libraries that answer what a test wants. */
final class FakeCeph {

  private static final SymbolLookup LIBRARY = build();

  private FakeCeph() {}

  private static SymbolLookup build() {
    try {
      Path library = Files.createTempFile("fakeceph", ".so");
      Process compiler =
          new ProcessBuilder(
                  "gcc",
                  "-shared",
                  "-fPIC",
                  "-Wall",
                  "-Wextra",
                  "-o",
                  library.toString(),
                  "src/test/c/fakeceph.c")
              .inheritIO()
              .start();
      assertThat(compiler.waitFor()).as("gcc").isZero();
      SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
      Files.delete(library);
      return symbols;
    } catch (IOException e) {
      throw new AssertionError("gcc is needed: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Forgets what earlier tests said. */
  static CephLibrary fresh() {
    ask("fake_reset");
    return loaded(LIBRARY);
  }

  static CephLibrary.Loading without(String symbol) {
    return CephLibrary.of(name -> name.equals(symbol) ? Optional.empty() : LIBRARY.find(name));
  }

  static CephLibrary loaded(SymbolLookup symbols) {
    return ((CephLibrary.Loading.Loaded) CephLibrary.of(symbols)).library();
  }

  /** Lets a function answer something else than success. */
  static void answer(String function, long result) {
    answerAfter(0, function, result);
  }

  /** The same after so many usual answers. */
  static void answerAfter(int calls, String function, long result) {
    ask("fake_answer", CText.of(Arena.global(), function), result, calls);
  }

  static void snapshots(int count) {
    ask("fake_snapshots", count);
  }

  static void extent(long offset, long length, boolean exists) {
    ask("fake_extent", offset, length, exists ? 1 : 0);
  }

  /** What was opened, allocated or created, and not given back. */
  static long open() {
    return ask("fake_open");
  }

  /** Calls of a diff's receiver after it wanted no more. */
  static long callsAfterTheEnd() {
    return ask("fake_aborted");
  }

  /** The closing functions in the order in which they were called, and waits. */
  static String order() {
    return CText.at(ask("fake_order")).strip();
  }

  /** The options that were set, a line each. */
  static String options() {
    return CText.at(ask("fake_conf"));
  }

  private static long ask(String function, long... arguments) {
    return new NativeFunction(LIBRARY, function).call(arguments);
  }
}

package io.blockmover.ceph.rbd.librbd;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Collections;

/**
 * One function of a C library.
 *
 * <p>Each signature that differs costs 10 to 30 ms of CPU when it is linked, so all have one: nine
 * words of 64 bits, which on x86-64 and aarch64 alike travel where the C compiler looks for
 * integers and pointers; a function takes those it knows. An {@code int} that comes back is the
 * lower half. Nothing is linked as {@code critical}: the calls block, and some call back.
 */
final class NativeFunction {

  private static final int WORDS = 9;
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          JAVA_LONG, Collections.nCopies(WORDS, JAVA_LONG).toArray(MemoryLayout[]::new));

  private final String name;
  private final MethodHandle handle;

  /**
   * @throws java.util.NoSuchElementException if the library has no such function
   */
  NativeFunction(SymbolLookup library, String name) {
    this.name = name;
    this.handle = Linker.nativeLinker().downcallHandle(library.findOrThrow(name), SHAPE);
  }

  /** Calls; the answer is meaningful only if the function returns 64 bits. */
  long call(long... arguments) {
    long[] words = Arrays.copyOf(arguments, WORDS);
    try {
      return (long)
          handle.invokeExact(
              words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7],
              words[8]);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(name, e);
    }
  }

  /** Calls a function that returns {@code int}. */
  int callInt(long... arguments) {
    return (int) call(arguments);
  }

  /**
   * Calls a function that returns {@code int}, below zero for an error.
   *
   * @param subject what it is done to, for the message
   */
  int require(String subject, long... arguments) throws CephFailure {
    return (int) required(subject, callInt(arguments));
  }

  /** As {@link #require}, for a function that returns 64 bits. */
  long requireLong(String subject, long... arguments) throws CephFailure {
    return required(subject, call(arguments));
  }

  private long required(String subject, long result) throws CephFailure {
    if (result < 0) {
      throw new CephFailure(name, subject, (int) -result);
    }
    return result;
  }

  /** What this function answered, as an exception. */
  CephFailure failure(String subject, long result) {
    return new CephFailure(name, subject, (int) -result);
  }
}

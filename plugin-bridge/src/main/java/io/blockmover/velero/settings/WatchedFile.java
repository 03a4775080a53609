package io.blockmover.velero.settings;

import io.blockmover.engine.rules.BadRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a file says, read again when it changes. A file that is bad then changes nothing: the old
 * holds, and it is said once. Thread-safe.
 */
public final class WatchedFile<T> {

  private static final Logger log = LoggerFactory.getLogger(WatchedFile.class);

  /** From text to meaning. */
  @FunctionalInterface
  public interface Reader<T> {

    /**
     * Reads a text.
     *
     * @throws BadSettings with what is wrong, and where; of rules, BadRules
     */
    T read(String text) throws BadSettings, BadRules;
  }

  private final Path file;
  private final Reader<T> reader;
  private volatile T current;
  private volatile boolean bad;
  private String lastText;

  /**
   * Reads it.
   *
   * @throws IOException if it cannot be read at all
   */
  public WatchedFile(Path file, Reader<T> reader) throws IOException, BadSettings, BadRules {
    this.file = file;
    this.reader = reader;
    this.lastText = Files.readString(file);
    this.current = reader.read(lastText);
  }

  public T current() {
    return current;
  }

  /** Whether what is in the file now was refused. */
  public boolean bad() {
    return bad;
  }

  /** Looks whether it has changed. By its text: a ConfigMap's files are links with odd times. */
  public synchronized void look() {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      refuse(file + " cannot be read: " + e);
      return;
    }
    if (text.equals(lastText)) {
      return;
    }
    lastText = text;
    try {
      current = reader.read(text);
      bad = false;
      log.info("{} was read again", file);
    } catch (BadSettings | BadRules e) {
      refuse(String.valueOf(e.getMessage()));
    }
  }

  private void refuse(String why) {
    if (!bad) {
      log.error("{}; what was in {} before still holds", why, file);
    }
    bad = true;
  }
}

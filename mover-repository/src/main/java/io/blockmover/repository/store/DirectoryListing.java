package io.blockmover.repository.store;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectKey;
import io.blockmover.api.store.ObjectStore.ObjectListing;
import io.blockmover.api.store.ObjectSummary;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Walks a store's directories in the byte order of keys, one directory in memory per level. A
 * directory sorts with its slash: {@code a.b} comes before {@code a/b}.
 */
final class DirectoryListing implements ObjectListing {

  private final StoreDirectories directories;
  private final String prefix;
  private final String startAfter;
  private final FileFailures failures;
  private final Deque<Iterator<String>> levels = new ArrayDeque<>();
  private boolean begun;

  DirectoryListing(StoreDirectories directories, String prefix, String startAfter) {
    this.directories = directories;
    this.prefix = prefix;
    this.startAfter = startAfter;
    this.failures = new FileFailures(directories.root(), "list '" + prefix + "'", 0);
  }

  @Override
  public Optional<ObjectSummary> next() throws MoverException {
    failures.requireNotInterrupted();
    try {
      if (!begun) {
        begun = true;
        enter(prefix.substring(0, prefix.lastIndexOf('/') + 1));
      }
      return advance();
    } catch (IOException e) {
      throw failures.map(e);
    }
  }

  private Optional<ObjectSummary> advance() throws IOException {
    while (!levels.isEmpty()) {
      Iterator<String> level = levels.element();
      if (!level.hasNext()) {
        levels.remove();
        continue;
      }
      String name = level.next();
      if (name.endsWith("/")) {
        enter(name);
        continue;
      }
      Optional<FileVersion> version = FileVersion.find(directories.root().resolve(name));
      if (version.isPresent()) {
        return version.map(found -> found.summary(name));
      }
    }
    return Optional.empty();
  }

  /**
   * @param directory empty for the root, or a path that ends in a slash
   */
  private void enter(String directory) throws IOException {
    String path = directory.isEmpty() ? "" : directory.substring(0, directory.length() - 1);
    if (!path.isEmpty() && !ObjectKey.isValid(path)) {
      return;
    }
    List<String> names = new ArrayList<>();
    Path place = path.isEmpty() ? directories.root() : directories.resolve(path);
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    directories.settleDirectory(place);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
      for (Path entry : entries) {
        collect(directory + entry.getFileName(), entry, names);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(names);
    levels.push(names.iterator());
  }

  private void collect(String name, Path entry, List<String> names) {
    if (!ObjectKey.isValid(name)) {
      return;
    }
    String below = name + "/";
    boolean fileFits = name.startsWith(prefix) && name.compareTo(startAfter) > 0;
    boolean directoryFits =
        (below.startsWith(prefix) || prefix.startsWith(below))
            && (below.compareTo(startAfter) > 0 || startAfter.startsWith(below));
    if (!fileFits && !directoryFits) {
      return;
    }
    if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
      if (directoryFits) {
        names.add(below);
      }
    } else if (fileFits) {
      names.add(name);
    }
  }
}

package io.blockmover.repository.store;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.api.StoreFull;
import io.blockmover.api.StoreRejected;
import io.blockmover.api.StoreUnavailable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a failure of the file system means for a caller. The JDK says most of it in words only, and
 * in the user's language, so the state of the file system is asked first and the words after.
 *
 * @param root the store's directory
 * @param what what was being done
 * @param neededBytes how much space it needed
 */
record FileFailures(Path root, String what, long neededBytes) {

  MoverException map(IOException e) {
    if (e instanceof MoverException known) {
      return known;
    }
    String message = "cannot " + what + " in " + root + ": " + e.getMessage();
    if (e instanceof ClosedByInterruptException || e instanceof FileLockInterruptionException) {
      return new Cancelled("interrupted; could not " + what, "", e);
    }
    if (neededBytes > 0 && isReadOnly()) {
      return new AccessDenied(message, "the file system is mounted read-only", e);
    }
    if (e instanceof AccessDeniedException || says(e, "Operation not permitted")) {
      return new AccessDenied(message, "give this user read and write access to " + root, e);
    }
    if (says(e, "Read-only file system")) {
      return new AccessDenied(message, "the file system is mounted read-only", e);
    }
    if (says(e, "No space left") || says(e, "quota exceeded") || isFull()) {
      return new StoreFull(message, "free space or raise the quota, then run it again", e);
    }
    if (isMisplaced(e)) {
      return new StoreRejected(message, "give the repository a directory of its own", e);
    }
    return new StoreUnavailable(message, Duration.ZERO, e);
  }

  void requireNotInterrupted() throws Cancelled {
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("interrupted; did not " + what, "");
    }
  }

  private static boolean isMisplaced(IOException e) {
    return e instanceof NotDirectoryException
        || e instanceof FileAlreadyExistsException
        || says(e, "Not a directory")
        || says(e, "Is a directory")
        || says(e, "symbolic link");
  }

  private static boolean says(IOException e, String words) {
    return String.valueOf(e.getMessage()).contains(words);
  }

  private boolean isReadOnly() {
    try {
      return fileStore().isReadOnly();
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isFull() {
    try {
      return neededBytes > 0 && fileStore().getUsableSpace() < neededBytes;
    } catch (IOException e) {
      return false;
    }
  }

  private FileStore fileStore() throws IOException {
    Path at = root;
    for (Path up = at.getParent(); up != null && !Files.exists(at); up = at.getParent()) {
      at = up;
    }
    return Files.getFileStore(at);
  }
}

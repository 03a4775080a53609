package io.blockmover.repository.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.ConditionFailed;
import io.blockmover.api.CorruptData;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.StoreRejected;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.VersionTag;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest {

  @TempDir Path parent;

  @Test
  void theDirectoryIsMadeWithTheFirstWrite() throws Exception {
    Path root = parent.resolve("a/b");
    DirectoryStore store = new DirectoryStore(root);
    assertThat(store.find("format")).isEmpty();
    assertThat(store.list("", "").next()).isEmpty();
    assertThat(Files.exists(root)).isFalse();
    store.put("x/format", bytes("one"));
    assertThat(Files.readString(root.resolve("x/format"))).isEqualTo("one");
  }

  @Test
  void aSessionThatEndsLeavesNoDirectoryBehind() throws Exception {
    DirectoryStore store = new DirectoryStore(parent);
    store.put("w/s1/beat", bytes("a"));
    store.put("w/s1/j-00000000", bytes("b"));
    store.put("d/00/pack", bytes("c"));
    store.delete("w/s1/j-00000000");
    assertThat(parent.resolve("w/s1")).isDirectory();
    store.delete("w/s1/beat");
    assertThat(parent.resolve("w/s1")).doesNotExist();
    store.delete("d/00/pack");
    assertThat(parent.resolve("d/00")).as("others may be about to write there").isDirectory();
    store.put("w/s1/beat", bytes("again"));
    assertThat(store.find("w/s1/beat")).isPresent();
  }

  @Test
  void whatOnlyThePageCacheHoldsIsNotTakenForDurable() throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    AtomicInteger flushes = new AtomicInteger();
    DirectoryStore store =
        new DirectoryStore(
            new StoreDirectories(
                parent,
                directory -> {
                  flushes.incrementAndGet();
                  if (broken.get()) {
                    throw new IOException("Input/output error");
                  }
                }));
    store.put("d/first", bytes("A"));
    broken.set(true);
    assertThatThrownBy(() -> store.putIfAbsent("d/k", bytes("A")))
        .isInstanceOf(WriteOutcomeUnknown.class);
    assertThatThrownBy(() -> store.find("d/k")).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> store.load("d/k", 1)).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> store.list("d/", "").next()).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> store.putIfAbsent("d/k", bytes("A")))
        .isInstanceOf(StoreUnavailable.class);
    broken.set(false);
    flushes.set(0);
    assertThat(store.find("d/k")).isPresent();
    assertThat(flushes).hasValue(1);
    assertThat(store.find("d/k")).isPresent();
    assertThat(flushes).hasValue(1);
  }

  @Test
  void versionsNeverComeBackThoughInodesDo() throws Exception {
    DirectoryStore store = new DirectoryStore(parent);
    Set<VersionTag> seen = new HashSet<>();
    VersionTag now = store.put("v/HEAD", bytes("A"));
    for (int i = 0; i < 200; i++) {
      assertThat(seen.add(now)).isTrue();
      now = store.replace("v/HEAD", bytes(i % 2 == 0 ? "B" : "A"), now);
    }
  }

  @Test
  void aVersionFromAFutureClockIsFollowedByALaterOne() throws Exception {
    DirectoryStore store = new DirectoryStore(parent);
    store.put("v/HEAD", bytes("A"));
    Path file = parent.resolve("v/HEAD");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(Duration.ofHours(1))));
    VersionTag future = store.find("v/HEAD").orElseThrow().version();
    VersionTag next = store.replace("v/HEAD", bytes("B"), future);
    assertThat(next).isNotEqualTo(future);
    assertThatThrownBy(() -> store.replace("v/HEAD", bytes("C"), future))
        .isInstanceOf(ConditionFailed.class);
  }

  @Test
  void listedVersionsAreThoseThatWritesReturnedAndLoadsReturn() throws Exception {
    DirectoryStore store = new DirectoryStore(parent);
    VersionTag written = store.put("k", bytes("A"));
    assertThat(store.list("", "").next().map(ObjectSummary::version)).contains(written);
    assertThat(store.find("k").map(ObjectSummary::version)).contains(written);
    assertThat(store.load("k", 1).version()).isEqualTo(written);
  }

  @Test
  void filesAndDirectoriesAreListedInTheByteOrderOfKeys() throws Exception {
    DirectoryStore store = new DirectoryStore(parent);
    for (String key : List.of("a/b", "a.b", "a-b", "a0", "a/a/z", "b")) {
      store.put(key, bytes(key));
    }
    assertThat(keys(store, "", "")).containsExactly("a-b", "a.b", "a/a/z", "a/b", "a0", "b");
    assertThat(keys(store, "a/", "")).containsExactly("a/a/z", "a/b");
    assertThat(keys(store, "a", "a/a/z")).containsExactly("a/b", "a0");
    assertThat(keys(store, "a", "a.c")).containsExactly("a/a/z", "a/b", "a0");
    assertThat(keys(store, "../", "")).isEmpty();
  }

  @Test
  void whatCrashedProcessesLeftIsInvisibleAndSweptAfterADay() throws Exception {
    Path old = Files.createDirectories(parent.resolve("tmp~")).resolve("old");
    Path fresh = parent.resolve("tmp~/fresh");
    Files.writeString(old, "half");
    Files.writeString(fresh, "half");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
    DirectoryStore store = new DirectoryStore(parent);
    assertThat(keys(store, "", "")).isEmpty();
    assertThat(old).exists();
    store.put("k", bytes("A"));
    assertThat(keys(store, "", "")).containsExactly("k");
    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
  }

  @Test
  void linksInTheStoreAreNotFollowed() throws Exception {
    Path outside = Files.createDirectory(parent.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    Path root = Files.createDirectory(parent.resolve("root"));
    Files.createSymbolicLink(root.resolve("d"), outside);
    Files.createSymbolicLink(root.resolve("leaf"), outside.resolve("secret"));
    DirectoryStore store = new DirectoryStore(root);
    assertThat(keys(store, "", "")).isEmpty();
    assertThatThrownBy(() -> store.read("d/secret", 0, ByteBuffer.allocate(1)))
        .isInstanceOf(StoreRejected.class)
        .hasMessageContaining("symbolic link");
    assertThatThrownBy(() -> store.put("d/new", bytes("A"))).isInstanceOf(StoreRejected.class);
    assertThatThrownBy(() -> store.read("leaf", 0, ByteBuffer.allocate(1)))
        .isInstanceOf(StoreRejected.class);
    store.put("leaf", bytes("own"));
    assertThat(Files.readString(outside.resolve("secret"))).isEqualTo("secret");
  }

  @Test
  void aLinkToTheStoreItselfIsTheUsersOwnBusiness() throws Exception {
    Path root = Files.createDirectory(parent.resolve("root"));
    Path link = Files.createSymbolicLink(parent.resolve("link"), root);
    new DirectoryStore(link.resolve("deeper")).put("k", bytes("A"));
    assertThat(root.resolve("deeper/k")).exists();
  }

  @Test
  void aDirectoryThatMustNotBeWrittenIsDenied() throws Exception {
    Assumptions.assumeFalse(
        "root".equals(System.getProperty("user.name")), "does not apply: root may write anywhere");
    Path root = Files.createDirectory(parent.resolve("root"));
    assertThat(root.toFile().setWritable(false)).isTrue();
    assertThatThrownBy(() -> new DirectoryStore(root).put("k", bytes("A")))
        .isInstanceOf(AccessDenied.class);
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsRefused() throws Exception {
    Path file = Files.writeString(parent.resolve("file"), "");
    assertThatThrownBy(() -> new DirectoryStore(file).put("k", bytes("A")))
        .isInstanceOf(StoreRejected.class);
  }

  @Test
  void aDirectoryIsNotAnObject() throws Exception {
    DirectoryStore store = new DirectoryStore(parent);
    store.put("a/b", bytes("A"));
    assertThat(store.find("a")).isEmpty();
    assertThatThrownBy(() -> store.read("a", 0, ByteBuffer.allocate(1)))
        .isInstanceOf(ObjectNotFound.class);
  }

  @Test
  void aShortFileIsDamageAndTheBufferStaysWhereItWas() throws Exception {
    DirectoryStore store = new DirectoryStore(parent);
    store.put("k", bytes("0123456789"));
    ByteBuffer into = ByteBuffer.allocateDirect(8).position(2);
    assertThatThrownBy(() -> store.read("k", 5, into)).isInstanceOf(CorruptData.class);
    assertThat(into.position()).isEqualTo(2);
    store.read("k", 4, into);
    assertThat(into.flip().position(2)).isEqualTo(bytes("456789"));
  }

  @Test
  void theProviderOpensFileUris() throws Exception {
    try (ObjectStore store =
        new DirectoryStoreProvider().open(URI.create("file://" + parent), Map.of())) {
      store.put("k", bytes("A"));
      assertThat(parent.resolve("k")).exists();
    }
    assertThatThrownBy(() -> new DirectoryStoreProvider().open(URI.create("file:x"), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new DirectoryStoreProvider().open(URI.create("file://host/x"), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<String> keys(ObjectStore store, String prefix, String startAfter)
      throws IOException {
    List<String> keys = new ArrayList<>();
    ObjectStore.ObjectListing listing = store.list(prefix, startAfter);
    for (Optional<ObjectSummary> o = listing.next(); o.isPresent(); o = listing.next()) {
      keys.add(o.get().key());
    }
    return keys;
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  @Test
  void aLoadThatMeetsAShorterVersionReadsAgain() throws Exception {
    DirectoryStore store = new DirectoryStore(parent);
    store.put("head", ByteBuffer.wrap(new byte[100]));
    java.util.concurrent.atomic.AtomicBoolean ended =
        new java.util.concurrent.atomic.AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < 300; i++) {
                      store.put("head", ByteBuffer.wrap(new byte[1 + i % 2 * 99]));
                    }
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  } finally {
                    ended.set(true);
                  }
                });
    while (!ended.get()) {
      assertThat(store.load("head", 100).bytes().length).isIn(1, 100);
    }
    writer.join();
  }
}

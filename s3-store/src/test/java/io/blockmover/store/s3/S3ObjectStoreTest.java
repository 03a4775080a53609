package io.blockmover.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.ConditionFailed;
import io.blockmover.api.CorruptData;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.StoreRejected;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectStoreProvider;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.VersionTag;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class S3ObjectStoreTest {

  private final S3ObjectStore store = LocalS3.store(Map.of());

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void theServiceLoaderFindsTheProvider() throws IOException {
    ObjectStoreProvider provider =
        ServiceLoader.load(ObjectStoreProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(p -> p.schemes().contains("s3"))
            .findFirst()
            .orElseThrow();
    try (ObjectStore opened =
        provider.open(
            URI.create("s3://bucket/some/prefix/"), Map.of("s3-endpoint", "http://127.0.0.1:1"))) {
      assertThat(opened.location()).isEqualTo("s3://bucket/some/prefix");
      assertThat(opened.properties().putIfAbsent()).isTrue();
      assertThat(opened.properties().maxConcurrency()).isEqualTo(32);
    }
  }

  @Test
  void whatWasPutIsReadBackFromDirectBuffersOfSeveralSlices() throws IOException {
    long seed = System.nanoTime();
    byte[] bytes = new byte[5_000_001];
    new Random(seed).nextBytes(bytes);
    ByteBuffer body = ByteBuffer.allocateDirect(bytes.length + 20).position(7);
    body.put(bytes).flip().position(7);
    VersionTag version = store.put("packs/p-1", body);
    assertThat(body.position()).isEqualTo(7);
    assertThat(body.remaining()).isEqualTo(bytes.length);

    ByteBuffer into = ByteBuffer.allocateDirect(bytes.length);
    store.read("packs/p-1", 0, into);
    assertThat(into.hasRemaining()).isFalse();
    assertThat(into.flip()).as("seed " + seed).isEqualTo(ByteBuffer.wrap(bytes));

    ByteBuffer part = ByteBuffer.allocate(300).position(100).limit(200);
    store.read("packs/p-1", 4_000_000, part);
    assertThat(part.position()).isEqualTo(200);
    assertThat(part.flip().position(100)).isEqualTo(ByteBuffer.wrap(bytes, 4_000_000, 100).slice());
    assertThat(store.find("packs/p-1").map(ObjectSummary::version)).contains(version);
    assertThat(store.find("packs/p-1").map(ObjectSummary::sizeBytes)).contains((long) bytes.length);
  }

  @Test
  void anEmptyObjectCanBeWrittenLoadedAndReadFromNowhere() throws IOException {
    VersionTag version = store.putIfAbsent("empty", ByteBuffer.allocate(0));
    LoadedObject loaded = store.load("empty", 0);
    assertThat(loaded.bytes()).isEmpty();
    assertThat(loaded.version()).isEqualTo(version);
    store.read("empty", 0, ByteBuffer.allocate(0));
    assertThatThrownBy(() -> store.read("empty", 0, ByteBuffer.allocate(1)))
        .isInstanceOf(CorruptData.class);
    assertThatThrownBy(() -> store.read("empty", 1, ByteBuffer.allocate(0)))
        .isInstanceOf(CorruptData.class);
  }

  @Test
  void aRangePastTheEndIsCorruptAndLeavesThePosition() throws IOException {
    store.put("k", bytes("0123456789"));
    ByteBuffer into = ByteBuffer.allocate(8).position(3);
    assertThatThrownBy(() -> store.read("k", 8, into)).isInstanceOf(CorruptData.class);
    assertThatThrownBy(() -> store.read("k", 10, into)).isInstanceOf(CorruptData.class);
    assertThat(into.position()).isEqualTo(3);
  }

  @Test
  void aMissingObjectIsNotFound() throws IOException {
    assertThat(store.find("nothing")).isEmpty();
    assertThatThrownBy(() -> store.load("nothing", 10)).isInstanceOf(ObjectNotFound.class);
    assertThatThrownBy(() -> store.read("nothing", 0, ByteBuffer.allocate(1)))
        .isInstanceOf(ObjectNotFound.class);
    assertThatThrownBy(() -> store.read("nothing", 0, ByteBuffer.allocate(0)))
        .isInstanceOf(ObjectNotFound.class);
    store.delete("nothing");
  }

  @Test
  void anObjectLargerThanMakesSenseIsNotLoaded() throws IOException {
    store.put("k", bytes("0123456789"));
    assertThat(store.load("k", 10).bytes()).hasSize(10);
    assertThatThrownBy(() -> store.load("k", 9)).isInstanceOf(CorruptData.class);
  }

  @Test
  void aReplaceNeedsTheVersionThatIsThere() throws IOException {
    VersionTag first = store.put("head", bytes("one"));
    VersionTag second = store.replace("head", bytes("two"), first);
    assertThatThrownBy(() -> store.replace("head", bytes("three"), first))
        .isInstanceOf(ConditionFailed.class);
    assertThatThrownBy(() -> store.replace("missing", bytes("x"), first))
        .isInstanceOf(ConditionFailed.class);
    assertThat(store.find("missing")).isEmpty();
    assertThat(store.load("head", 10).version()).isEqualTo(second);
    assertThat(store.load("head", 10).bytes()).isEqualTo("two".getBytes(UTF_8));
  }

  @Test
  void aReplaceWorksWithTheQuotedFormToo() throws IOException {
    try (S3ObjectStore quoted = LocalS3.store(Map.of("s3-etag", "quoted"))) {
      VersionTag first = quoted.put("head", bytes("one"));
      quoted.replace("head", bytes("two"), first);
      assertThatThrownBy(() -> quoted.replace("head", bytes("three"), first))
          .isInstanceOf(ConditionFailed.class);
    }
  }

  @Test
  @Tag("slow")
  void aListingOfManyPagesIsCompleteSortedAndStartsAfterAnything() throws IOException {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 1203; i++) {
      keys.add("list/" + String.format("%05d", i));
    }
    keys.parallelStream()
        .forEach(
            key -> {
              try {
                store.put(key, bytes("x"));
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    store.put("other", bytes("x"));
    assertThat(listed(store, "list/", "")).isEqualTo(keys);
    assertThat(listed(store, "list/", "list/01000a")).isEqualTo(keys.subList(1001, 1203));
    assertThat(listed(store, "list/0100", "")).isEqualTo(keys.subList(1000, 1010));
    assertThat(listed(store, "", "list/01202")).containsExactly("other");
    assertThat(listed(store, "nothing", "")).isEmpty();

    store.deleteAll(keys);
    assertThat(listed(store, "", "")).containsExactly("other");
    store.deleteAll(keys.subList(0, 3));
    store.deleteAll(List.of());
  }

  @Test
  void twoPrefixesOfOneBucketDoNotSeeEachOther() throws IOException {
    URI location = LocalS3.freshLocation();
    try (S3ObjectStore one = open(location + "/a");
        S3ObjectStore two = open(location + "/ab")) {
      one.put("k", bytes("1"));
      two.put("k2", bytes("2"));
      assertThat(listed(one, "", "")).containsExactly("k");
      assertThat(listed(two, "", "")).containsExactly("k2");
    }
  }

  @Test
  void theWholeBucketCanBeThePlace() throws IOException {
    try (S3ObjectStore whole = open("s3://" + LocalS3.BUCKET)) {
      whole.put("at-the-top", bytes("1"));
      assertThat(listed(whole, "at-the", "")).containsExactly("at-the-top");
      whole.delete("at-the-top");
    }
  }

  @Test
  void keysOutsideTheContractAreRefused() {
    for (String key :
        List.of("", "/a", "a/", "a//b", "a b", "..", "a/./b", "a/..", "ä", "x".repeat(201))) {
      assertThatThrownBy(() -> store.put(key, bytes("x")))
          .as(key)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aMissingBucketIsToldFromAMissingObject() {
    try (S3ObjectStore nowhere = open("s3://no-such-bucket/x")) {
      assertThatThrownBy(() -> nowhere.find("k"))
          .isInstanceOf(StoreRejected.class)
          .hasMessageContaining("no bucket no-such-bucket");
      assertThatThrownBy(() -> nowhere.load("k", 1)).isInstanceOf(StoreRejected.class);
      assertThatThrownBy(() -> nowhere.put("k", bytes("x"))).isInstanceOf(StoreRejected.class);
      assertThatThrownBy(() -> nowhere.list("", "").next()).isInstanceOf(StoreRejected.class);
    }
  }

  @Test
  void wrongCredentialsAreNamedEvenWhereTheAnswerHasNoBody() {
    try (S3ObjectStore wrong =
        LocalS3.connection(
                LocalS3.endpoint(), LocalS3.freshLocation(), Map.of(), "local-access", "wrong")
            .store()) {
      assertThatThrownBy(() -> wrong.find("k"))
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("SignatureDoesNotMatch");
      assertThatThrownBy(() -> wrong.put("k", bytes("x"))).isInstanceOf(AccessDenied.class);
    }
    try (S3ObjectStore unknown =
        LocalS3.connection(
                LocalS3.endpoint(), LocalS3.freshLocation(), Map.of(), "somebody", "wrong")
            .store()) {
      assertThatThrownBy(() -> unknown.load("k", 1))
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("InvalidAccessKeyId");
    }
  }

  @Test
  void conditionalWritesCanBeSwitchedOff() {
    try (S3ObjectStore plain =
        LocalS3.store(Map.of("s3-cas", "false", "s3-put-if-absent", "false"))) {
      assertThat(plain.properties().compareAndSwap()).isFalse();
      assertThatThrownBy(() -> plain.replace("k", bytes("x"), new VersionTag("v")))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> plain.putIfAbsent("k", bytes("x")))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aClosedStoreRefusesWork() throws IOException {
    store.put("k", bytes("x"));
    store.close();
    store.close();
    assertThatThrownBy(() -> store.find("k")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> store.put("k", bytes("x"))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> store.list("", "")).isInstanceOf(IllegalStateException.class);
  }

  private static S3ObjectStore open(String location) {
    return LocalS3.connection(LocalS3.endpoint(), URI.create(location), Map.of()).store();
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static List<String> listed(ObjectStore store, String prefix, String startAfter)
      throws IOException {
    List<String> keys = new ArrayList<>();
    ObjectStore.ObjectListing listing = store.list(prefix, startAfter);
    for (Optional<ObjectSummary> o = listing.next(); o.isPresent(); o = listing.next()) {
      keys.add(o.get().key());
    }
    return keys;
  }
}

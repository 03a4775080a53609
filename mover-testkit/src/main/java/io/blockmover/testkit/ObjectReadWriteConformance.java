package io.blockmover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.Cancelled;
import io.blockmover.api.CorruptData;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The part of {@link ObjectStoreConformance} about single objects. */
public abstract class ObjectReadWriteConformance extends ObjectStoreFixture {

  @Test
  protected void whatWasPutIsRead() throws Exception {
    VersionTag version = store().put("a/b", bytes("0123456789"));
    assertHolds("a/b", "0123456789");
    assertThat(store().load("a/b", 10).version()).isEqualTo(version);
    ObjectSummary found = store().find("a/b").orElseThrow();
    assertThat(found.key()).isEqualTo("a/b");
    assertThat(found.sizeBytes()).isEqualTo(10);
    assertThat(found.version()).isEqualTo(version);
  }

  @Test
  protected void anotherClientSeesAWriteAtOnce() throws Exception {
    ObjectStore second = createSecondClient(store());
    second.put("k", bytes("one"));
    assertHolds("k", "one");
    store().put("k", bytes("two"));
    assertThat(second.load("k", 3).bytes()).isEqualTo(bytes("two").array());
    store().delete("k");
    assertThat(second.find("k")).isEmpty();
    second.close();
  }

  @Test
  protected void putReplacesAndChangesTheVersion() throws Exception {
    VersionTag first = store().put("k", bytes("first, and longer"));
    VersionTag second = store().put("k", bytes("second"));
    assertThat(second).isNotEqualTo(first);
    assertHolds("k", "second");
    assertThat(store().find("k").map(ObjectSummary::version)).contains(second);
    assertThat(store().find("k").map(ObjectSummary::sizeBytes)).contains(6L);
  }

  @Test
  protected void theBodyIsLeftAloneAndCopied() throws Exception {
    byte[] backing = bytes("..body..").array();
    ByteBuffer heap = ByteBuffer.wrap(backing, 2, 4);
    ByteBuffer direct = ByteBuffer.allocateDirect(8).put(backing).position(2).limit(6);
    for (ByteBuffer body : List.of(heap, heap.asReadOnlyBuffer(), heap.slice(), direct)) {
      int position = body.position();
      int limit = body.limit();
      store().put("k", body);
      assertThat(body.position()).isEqualTo(position);
      assertThat(body.limit()).isEqualTo(limit);
      assertHolds("k", "body");
    }
    store().put("k", heap);
    backing[3] = 'X';
    assertHolds("k", "body");
  }

  @Test
  protected void anEmptyObjectIsAnObject() throws Exception {
    store().put("empty", ByteBuffer.allocate(0));
    assertThat(store().find("empty").map(ObjectSummary::sizeBytes)).contains(0L);
    assertThat(store().load("empty", 0).bytes()).isEmpty();
    assertThat(keys("", "")).containsExactly("empty");
  }

  @Test
  protected void aLargeObjectIsKeptToTheLastByte() throws Exception {
    byte[] content = new byte[largeBytes() + 13];
    Random random = TestSeed.random("aLargeObjectIsKeptToTheLastByte");
    random.nextBytes(content);
    store().put("large", ByteBuffer.allocateDirect(content.length).put(content).flip());
    ByteBuffer whole = ByteBuffer.allocateDirect(content.length);
    store().read("large", 0, whole);
    assertThat(whole.flip()).isEqualTo(ByteBuffer.wrap(content));
    for (int i = 0; i < 5; i++) {
      int offset = random.nextInt(content.length);
      int length = 1 + random.nextInt(content.length - offset);
      ByteBuffer part = ByteBuffer.allocateDirect(length);
      store().read("large", offset, part);
      assertThat(part.flip()).isEqualTo(ByteBuffer.wrap(content, offset, length));
    }
  }

  @Test
  protected void aRangeIsReadExactly() throws Exception {
    store().put("k", bytes("0123456789"));
    for (ByteBuffer into : List.of(ByteBuffer.allocate(8), ByteBuffer.allocateDirect(8))) {
      into.put(bytes("........")).position(2).limit(6);
      store().read("k", 3, into);
      assertThat(into.position()).isEqualTo(6);
      assertThat(into.limit()).isEqualTo(6);
      assertThat(into.clear()).isEqualTo(bytes("..3456.."));
    }
    ByteBuffer last = ByteBuffer.allocate(1);
    store().read("k", 9, last);
    assertThat(last.flip()).isEqualTo(bytes("9"));
  }

  @Test
  protected void aRangePastTheEndIsDamageAndLeavesThePosition() throws Exception {
    store().put("k", bytes("0123456789"));
    for (long offset : new long[] {7, 10, 1000}) {
      ByteBuffer into = ByteBuffer.allocate(6).position(2);
      assertThatThrownBy(() -> store().read("k", offset, into)).isInstanceOf(CorruptData.class);
      assertThat(into.position()).isEqualTo(2);
    }
  }

  @Test
  protected void anObjectLargerThanExpectedIsNotLoaded() throws Exception {
    store().put("k", bytes("0123456789"));
    assertThat(store().load("k", 10).bytes()).hasSize(10);
    assertThatThrownBy(() -> store().load("k", 9)).isInstanceOf(CorruptData.class);
  }

  @Test
  protected void aMissingObjectIsSaidToBeMissing() throws Exception {
    store().put("dir/other", bytes("x"));
    for (String key : List.of("k", "dir", "dir/othe", "dir/other2")) {
      assertThat(store().find(key)).isEmpty();
      assertThatThrownBy(() -> store().load(key, 1)).isInstanceOf(ObjectNotFound.class);
      assertThatThrownBy(() -> store().read(key, 0, ByteBuffer.allocate(1)))
          .isInstanceOf(ObjectNotFound.class);
    }
  }

  @Test
  protected void deletingRemovesAndRepeatingIsHarmless() throws Exception {
    store().put("a/b", bytes("x"));
    store().put("a/bc", bytes("y"));
    store().delete("a/b");
    store().delete("a/b");
    store().delete("never/was");
    assertThat(store().find("a/b")).isEmpty();
    assertThat(keys("", "")).containsExactly("a/bc");
    assertHolds("a/bc", "y");
  }

  @Test
  protected void unusualKeysAreKept() throws Exception {
    List<String> unusual =
        List.of("format", "v/x/HEAD", "v/x/head", "..a", "a/...", "-", "x".repeat(200) + "/_");
    for (String key : unusual) {
      store().put(key, bytes(key));
    }
    for (String key : unusual) {
      assertHolds(key, key);
    }
    assertThat(keys("", "")).containsExactlyInAnyOrderElementsOf(unusual);
  }

  @Test
  protected void whatIsNoKeyIsRefused() {
    for (String key : List.of("", "/a", "a/", "a//b", "..", "a/../b", "a b", "\u00fc", "a\\b")) {
      assertThatIllegalArgumentException().as(key).isThrownBy(() -> store().put(key, bytes("x")));
      assertThatIllegalArgumentException().as(key).isThrownBy(() -> store().find(key));
    }
  }

  @Test
  protected void anInterruptedCallIsCancelledAndTheFlagStays() throws Exception {
    store().put("k", bytes("old"));
    try {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> store().put("k", bytes("new"))).isInstanceOf(Cancelled.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      assertThatThrownBy(() -> store().read("k", 0, ByteBuffer.allocate(3)))
          .isInstanceOf(Cancelled.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertHolds("k", "old");
  }

  @Test
  protected void closingTwiceIsHarmless() {
    store().close();
    store().close();
  }
}

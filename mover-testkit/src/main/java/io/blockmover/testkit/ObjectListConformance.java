package io.blockmover.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.store.ObjectStore.ObjectListing;
import io.blockmover.api.store.ObjectSummary;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The part of {@link ObjectStoreConformance} about listings and deletions of many. */
public abstract class ObjectListConformance extends ObjectReadWriteConformance {

  /** In byte order; a walk of directories gets it wrong where it forgets the slash. */
  private static final List<String> TRICKY =
      List.of("A", "a-b", "a.b", "a/b", "a/b-c", "a/b/c/d", "a0", "aB", "a_b", "ab", "b");

  @Test
  protected void keysComeInByteOrder() throws Exception {
    putTricky();
    assertThat(keys("", "")).containsExactlyElementsOf(withoutNested());
  }

  @Test
  protected void aPrefixNeedNotBeADirectory() throws Exception {
    putTricky();
    assertThat(keys("a", "")).containsExactlyElementsOf(startingWith("a"));
    assertThat(keys("a/", "")).containsExactlyElementsOf(startingWith("a/"));
    assertThat(keys("a/b-", "")).containsExactly("a/b-c");
    assertThat(keys("a0x", "")).isEmpty();
    assertThat(keys("zzz/", "")).isEmpty();
    assertThat(keys("no such key!", "")).isEmpty();
  }

  @Test
  protected void aListingBeginsAfterAnyKey() throws Exception {
    putTricky();
    List<String> all = withoutNested();
    List<String> starts = new ArrayList<>(all);
    starts.addAll(List.of("a", "a/", "a/a", "a/b-", "a1", "0", "zz"));
    for (String start : starts) {
      assertThat(keys("", start))
          .as("after %s", start)
          .containsExactlyElementsOf(all.stream().filter(k -> k.compareTo(start) > 0).toList());
      assertThat(keys("a/", start))
          .as("of a/ after %s", start)
          .containsExactlyElementsOf(
              startingWith("a/").stream().filter(k -> k.compareTo(start) > 0).toList());
    }
  }

  @Test
  protected void aListingSaysWhatFindSays() throws Exception {
    putTricky();
    for (ObjectSummary listed : list("", "")) {
      ObjectSummary found = store().find(listed.key()).orElseThrow();
      assertThat(listed.sizeBytes()).isEqualTo(listed.key().length());
      assertThat(found.sizeBytes()).isEqualTo(listed.sizeBytes());
      assertThat(found.version()).isEqualTo(listed.version());
    }
  }

  @Test
  protected void aListingSeesWhatWasWrittenAndNotWhatWasDeleted() throws Exception {
    store().put("a", bytes("x"));
    assertThat(keys("", "")).containsExactly("a");
    store().put("b/c", bytes("x"));
    assertThat(keys("", "")).containsExactly("a", "b/c");
    store().delete("a");
    assertThat(keys("", "")).containsExactly("b/c");
  }

  @Test
  protected void anEmptyListingEndsAndStaysEnded() throws Exception {
    ObjectListing listing = store().list("", "");
    assertThat(listing.next()).isEmpty();
    assertThat(listing.next()).isEmpty();
  }

  @Test
  protected void moreKeysThanAPageAreListedAndDeleted() throws Exception {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < manyKeys(); i++) {
      String key = String.format("m/%02x/%06d", i / 1500, i);
      store().put(key, ByteBuffer.wrap(new byte[] {1}));
      many.add(key);
    }
    store().put("n", bytes("stays"));
    assertThat(keys("m/", "")).containsExactlyElementsOf(many);
    String middle = many.get(many.size() / 2);
    assertThat(keys("m/", middle))
        .containsExactlyElementsOf(many.subList(many.size() / 2 + 1, many.size()));
    many.add("m/never-was");
    store().deleteAll(many);
    assertThat(keys("", "")).containsExactly("n");
  }

  private void putTricky() throws Exception {
    for (String key : withoutNested()) {
      store().put(key, bytes(key));
    }
  }

  /** No key may be a directory of another. */
  private static List<String> withoutNested() {
    return TRICKY.stream()
        .filter(key -> TRICKY.stream().noneMatch(other -> other.startsWith(key + "/")))
        .toList();
  }

  private static List<String> startingWith(String prefix) {
    return withoutNested().stream().filter(key -> key.startsWith(prefix)).toList();
  }
}

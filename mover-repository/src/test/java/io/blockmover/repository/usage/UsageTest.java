package io.blockmover.repository.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.CorruptData;
import io.blockmover.repository.layer.MetadataFixture;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class UsageTest {

  private final MetadataFixture fixture = new MetadataFixture();
  private final TreeMap<PackName, Long> model = new TreeMap<>();
  private List<PackReference> packs = new ArrayList<>();

  private static PackName pack(int number) {
    // Names with their first bit set sort last: order is that of unsigned bytes.
    return new PackName(number % 7 - 3L, number % 3 - 1L, number % 2 - 1L, number);
  }

  private void backup(Random random, int changes, int packCount, int maxPacks) throws Exception {
    UsageWriter writer = new UsageWriter(fixture.store, fixture.names, maxPacks);
    for (int i = 0; i < changes; i++) {
      PackName name = pack(random.nextInt(packCount));
      long held = model.getOrDefault(name, 0L);
      long bytes = random.nextInt(3) == 0 ? -held : random.nextInt(1, 5000) * 512L;
      writer.size(new PackReference(name, 1 + name.counter()));
      writer.add(name, bytes);
      model.put(name, held + bytes);
    }
    packs.addAll(writer.finish());
    model.values().removeIf(sum -> sum == 0);
  }

  private Map<PackName, Long> read() throws Exception {
    UsageReader reader = new UsageReader(fixture.store, packs);
    Map<PackName, Long> found = new TreeMap<>();
    PackName last = null;
    for (UsageRow row = reader.next(); row != null; row = reader.next()) {
      assertThat(last == null || last.compareTo(row.pack()) < 0).isTrue();
      assertThat(row.sizeBytes()).isEqualTo(1 + row.pack().counter());
      last = row.pack();
      found.put(row.pack(), row.referencedBytes());
    }
    return found;
  }

  @Test
  void rowsAddUpAcrossSpillsAndBackupsAndCompaction() throws Exception {
    Random random = new Random(MetadataFixture.seed("rowsAddUp"));
    for (int backup = 0; backup < 60; backup++) {
      boolean large = backup % 20 == 0;
      backup(random, large ? 8000 : 30, 6000, large ? 1500 : 20);
      packs = new ArrayList<>(UsageCompaction.compact(fixture.store, fixture.names, packs));
      assertThat(packs).hasSizeLessThanOrEqualTo(UsageCompaction.MAX_PACKS);
      assertThat(read()).as("backup %s", backup).isEqualTo(model);
    }
  }

  @Test
  void condemnedPacksThatAreNeededAreFound() throws Exception {
    Random random = new Random(MetadataFixture.seed("condemnedPacks"));
    backup(random, 9000, 5000, 100_000);
    TreeMap<PackName, Boolean> condemned = new TreeMap<>();
    for (int i = 0; i < 700; i++) {
      condemned.put(pack(random.nextInt(8000)), true);
    }
    List<PackName> expected = condemned.keySet().stream().filter(model::containsKey).toList();
    assertThat(expected).isNotEmpty();
    UsageReader reader = new UsageReader(fixture.store, packs);
    assertThat(reader.neededOf(condemned.keySet().iterator())).isEqualTo(expected);
  }

  @Test
  void aBackupWithoutDataNeedsNothing() throws Exception {
    assertThat(new UsageWriter(fixture.store, fixture.names).finish()).isEmpty();
    assertThat(new UsageReader(fixture.store, List.of()).next()).isNull();
  }

  @Test
  void everyFlippedBitIsFoundAndNamesTheObject() throws Exception {
    Random random = new Random(MetadataFixture.seed("everyFlippedBitIsFound"));
    backup(random, 5000, 5000, 100_000);
    PackReference pack = packs.getFirst();
    String key = PackKind.USAGE.keyOf(pack.name());
    for (int i = 0; i < 200; i++) {
      int at = i < 60 ? i : random.nextInt((int) pack.sizeBytes());
      fixture.flip(key, at);
      assertThatThrownBy(this::read)
          .as("byte %s", at)
          .isInstanceOf(CorruptData.class)
          .hasMessageContaining(key);
      fixture.flip(key, at);
    }
  }
}

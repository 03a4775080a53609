package io.blockmover.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.engine.fetch.Damage;
import io.blockmover.engine.fetch.FetchTeam;
import io.blockmover.engine.fetch.StoredBackup;
import io.blockmover.engine.fetch.StoredVolume;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.engine.verify.VerifyReport.Finding;
import io.blockmover.engine.verify.VerifyRequest.Level;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.testkit.MemoryBlockSource;
import io.blockmover.testkit.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class VerifyRunTest {

  private static final int MIB = 1 << 20;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final MemoryObjectStore store = new MemoryObjectStore();

  private StoredVolume volume() throws Exception {
    System.out.println("seed " + seed);
    return new StoredVolume(store, 12 * MIB + 5 * 512, 2 * MIB, seed).base().overlay().overlay();
  }

  private List<Finding> verify(StoredVolume volume, Level level, MemoryBlockSource... device)
      throws Exception {
    return verify(volume, volume.usage(), level, device);
  }

  private List<Finding> verify(
      StoredVolume volume, List<PackReference> usage, Level level, MemoryBlockSource... device)
      throws Exception {
    StoredBackup content = volume.content();
    Findings findings = new Findings();
    FetchTeam.Size size = content.teamSize(3, 4 * MIB);
    try (FetchTeam workers =
        new FetchTeam(size, content.dataKeys(), volume.keys(), new Cancellation(), "verify")) {
      VerifyRun run =
          new VerifyRun(
              content,
              level,
              workers,
              size.storedBytes(),
              findings,
              new VerifyTally(),
              new Progress());
      VerifiedBackup backup = new VerifiedBackup(content, volume.fingerprints(), usage);
      run.check(backup);
      for (MemoryBlockSource source : device) {
        run.compare(backup, source);
      }
    }
    return findings.toList();
  }

  @ParameterizedTest
  @EnumSource(
      value = Level.class,
      names = {"EXISTENCE", "TABLES", "DATA"})
  void nothingIsFoundWhereAllIsWell(Level level) throws Exception {
    assertThat(verify(volume(), level)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void damageToAnyDataPackIsFoundWithTheExtentsItCosts(Damage damage) throws Exception {
    StoredVolume volume = volume();
    for (String key : dataPacks(volume)) {
      byte[] before = store.load(key, Integer.MAX_VALUE).bytes();
      damage.apply(store, key, random);
      List<Finding> findings = verify(volume, Level.DATA);
      assertThat(findings).isNotEmpty().allMatch(finding -> finding.object().equals(key));
      assertThat(coverage(findings.getFirst().lost())).isSubsetOf(coverage(extentsIn(volume, key)));
      if (damage == Damage.MISSING) {
        assertThat(coverage(findings.getFirst().lost()))
            .isEqualTo(coverage(extentsIn(volume, key)));
      }
      store.put(key, ByteBuffer.wrap(before));
    }
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void damageToAnyMetadataPackIsFound(Damage damage) throws Exception {
    StoredVolume volume = volume();
    for (String key : metadataPacks(volume).toList()) {
      byte[] before = store.load(key, Integer.MAX_VALUE).bytes();
      damage.apply(store, key, random);
      assertThat(verify(volume, Level.TABLES)).extracting(Finding::object).contains(key);
      store.put(key, ByteBuffer.wrap(before));
    }
  }

  @Test
  void everyBitOfATableIsLookedAtWithoutReadingChunks() throws Exception {
    StoredVolume volume = volume();
    String key = dataPacks(volume).getFirst();
    byte[] bytes = store.load(key, Integer.MAX_VALUE).bytes();
    for (int i = 0; i < 40; i++) {
      byte[] spoiled = bytes.clone();
      boolean head = random.nextBoolean();
      int at = head ? random.nextInt(156) : bytes.length - 1 - random.nextInt(200);
      spoiled[at] ^= (byte) (1 << random.nextInt(8));
      store.put(key, ByteBuffer.wrap(spoiled));
      assertThat(verify(volume, Level.TABLES))
          .as("byte %d of %d", at, bytes.length)
          .extracting(Finding::object)
          .containsOnly(key);
    }
  }

  @Test
  void twoDataPacksExchangedAreBothNamed() throws Exception {
    StoredVolume volume = volume();
    List<String> packs = dataPacks(volume);
    Damage.swap(store, packs.getFirst(), packs.getLast());
    for (Level level : List.of(Level.TABLES, Level.DATA)) {
      assertThat(verify(volume, level))
          .extracting(Finding::object)
          .containsExactlyInAnyOrder(packs.getFirst(), packs.getLast());
    }
  }

  @Test
  void twoMetadataPacksExchangedAreBothNamed() throws Exception {
    StoredVolume volume = volume();
    List<String> packs = metadataPacks(volume).toList();
    Damage.swap(store, packs.getFirst(), packs.getLast());
    assertThat(verify(volume, Level.TABLES))
        .extracting(Finding::object)
        .contains(packs.getFirst(), packs.getLast());
  }

  @Test
  void usageThatDoesNotAddUpIsReported() throws Exception {
    StoredVolume volume = volume();
    List<PackReference> part = volume.usage().subList(0, volume.usage().size() - 1);
    assertThat(verify(volume, part, Level.TABLES))
        .as("usage without its last layer")
        .hasSize(1)
        .allMatch(finding -> finding.lost().isEmpty());
    assertThat(verify(volume, List.of(), Level.TABLES))
        .as("no usage at all")
        .hasSize(1)
        .allMatch(finding -> finding.problem().contains("does not name"));
  }

  @Test
  void existenceFindsWhatIsMissingOrShort() throws Exception {
    StoredVolume volume = volume();
    String missing = dataPacks(volume).getFirst();
    String shorter = dataPacks(volume).getLast();
    Damage.MISSING.apply(store, missing, random);
    Damage.CUT_SHORT.apply(store, shorter, random);
    assertThat(verify(volume, Level.EXISTENCE)).extracting(Finding::object).contains(missing);
  }

  @Test
  void aDeviceThatDiffersIsNamedWithTheExtents() throws Exception {
    StoredVolume volume = volume();
    byte[] image = volume.image();
    assertThat(verify(volume, Level.EXISTENCE, new MemoryBlockSource(image))).isEmpty();
    image[5 * MIB + 17] ^= 1;
    List<Finding> findings = verify(volume, Level.EXISTENCE, new MemoryBlockSource(image));
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().lost()).containsExactly(new Extent(5 * MIB, 65536));
  }

  private static List<String> dataPacks(StoredVolume volume) throws Exception {
    return volume.entries().stream()
        .map(entry -> PackKind.DATA.keyOf(entry.location().pack()))
        .distinct()
        .toList();
  }

  private static Stream<String> metadataPacks(StoredVolume volume) {
    return Stream.of(
            volume.layers().stream()
                .flatMap(layer -> layer.packs().stream())
                .map(pack -> PackKind.MAP.keyOf(pack.reference().name())),
            volume.fingerprints().stream()
                .flatMap(layer -> layer.packs().stream())
                .map(pack -> PackKind.FINGERPRINT.keyOf(pack.reference().name())),
            volume.usage().stream().map(pack -> PackKind.USAGE.keyOf(pack.name())))
        .flatMap(keys -> keys);
  }

  private static List<Extent> extentsIn(StoredVolume volume, String key) throws Exception {
    return volume.entries().stream()
        .filter(entry -> PackKind.DATA.keyOf(entry.location().pack()).equals(key))
        .map(entry -> new Extent(entry.offset(), entry.length()))
        .toList();
  }

  /** The 512-byte blocks that extents cover. */
  private static List<Long> coverage(List<Extent> extents) {
    List<Long> blocks = new ArrayList<>();
    for (Extent extent : extents) {
      for (long at = extent.offset(); at < extent.end(); at += 512) {
        blocks.add(at);
      }
    }
    return blocks;
  }
}

package io.blockmover.engine.fetch;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.repository.crypto.KeySet;
import io.blockmover.repository.fingerprint.FingerprintLayerWriter;
import io.blockmover.repository.fingerprint.PieceFingerprint;
import io.blockmover.repository.fingerprint.PieceState;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.map.MapLayerWriter;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.ChunkWriter;
import io.blockmover.repository.pack.DataKeys;
import io.blockmover.repository.pack.DataPackWriter;
import io.blockmover.repository.pack.PackBuffers;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.pack.PackUploader;
import io.blockmover.repository.usage.UsageWriter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A volume written to a store by the production writers of packs and maps, layer by layer, with an
 * image of what it must hold.
 */
public final class StoredVolume {

  public static final int CHUNK = 64 * 1024 * 4;
  private static final int PIECE = PieceFingerprint.PIECE_BYTES;

  private final KeySet keys = KeySet.generate(new byte[16], new SecureRandom());
  private final MetadataStore metadata;
  private final PackNames names;
  private final DataPackWriter packs;
  private final PackUploader uploader;
  private final PackBuffers buffers;
  private final ChunkWriter writer;
  private final List<Layer> layers = new ArrayList<>();
  private final List<Layer> fingerprints = new ArrayList<>();
  private final List<PackReference> usage = new ArrayList<>();
  private Map<PackName, Long> counted = Map.of();
  private final Map<Long, ChunkLocation> known = new TreeMap<>();
  private final Random random;
  private byte[] image;

  public StoredVolume(ObjectStore store, int sizeBytes, int packBytes, long seed) {
    this.random = new Random(seed);
    this.metadata = new MetadataStore(store, keys);
    this.names = new PackNames(random.nextLong(), random.nextLong(), random.nextLong());
    this.buffers = new PackBuffers(2, packBytes);
    this.uploader =
        new PackUploader(store, buffers, task -> Thread.ofVirtual().start(task), pack -> {});
    this.packs = new DataPackWriter(keys, names, buffers, uploader, new SecureRandom());
    this.writer = new ChunkWriter(keys, packs, 1, CHUNK);
    this.image = new byte[sizeBytes];
  }

  /** What the volume holds. */
  public byte[] image() {
    return image.clone();
  }

  public KeySet keys() {
    return keys;
  }

  public List<Layer> layers() {
    return List.copyOf(layers);
  }

  /** A first layer: about half of the cells hold something, some of them the same. */
  public StoredVolume base() throws Exception {
    MapLayerWriter layer = layer();
    for (int at = 0; at < image.length; at += CHUNK) {
      int length = Math.min(CHUNK, image.length - at);
      switch (random.nextInt(6)) {
        case 0, 1 -> put(layer, at, noise(length));
        case 2 -> put(layer, at, text(length));
        case 3 -> put(layer, at, same(length));
        default -> {}
      }
    }
    return finish(layer);
  }

  /** A further layer of small changes: parts of cells, zeros, parts of older chunks. */
  public StoredVolume overlay() throws Exception {
    MapLayerWriter layer = layer();
    long at = 0;
    while (true) {
      at += 4096L * random.nextInt(200);
      int cellLeft = (int) (CHUNK - at % CHUNK);
      int length = Math.min(cellLeft, 4096 * (1 + random.nextInt(40)));
      if (at + length > image.length) {
        break;
      }
      switch (random.nextInt(4)) {
        case 0 -> {
          long zeros = Math.min(image.length - at, 4096L * (1 + random.nextInt(300)));
          layer.add(new MapEntry.Zero(at, zeros));
          Arrays.fill(image, (int) at, (int) (at + zeros), (byte) 0);
          at += zeros;
        }
        case 1 -> {
          byte[] whole = noise(CHUNK);
          int within = 4096 * random.nextInt((CHUNK - length) / 4096 + 1);
          ChunkLocation location = write(whole);
          layer.add(new MapEntry.Data(at, length, location, within));
          System.arraycopy(whole, within, image, (int) at, length);
          at += length;
        }
        default -> {
          put(layer, (int) at, noise(length));
          at += length;
        }
      }
    }
    return finish(layer);
  }

  private MapLayerWriter layer() {
    return new MapLayerWriter(metadata, names, image.length, CHUNK);
  }

  private StoredVolume finish(MapLayerWriter layer) throws Exception {
    packs.flush();
    uploader.drain();
    layers.add(layer.finish());
    addFingerprints();
    addUsage();
    return this;
  }

  /** Of all pieces, whatever changed: more than a backup would write, and as right. */
  private void addFingerprints() throws MoverException {
    long[] words = PieceFingerprint.keyWords(keys.fingerprintKey());
    PieceFingerprint fingerprint = new PieceFingerprint(keys.fingerprintKey(), words);
    FingerprintLayerWriter layer = new FingerprintLayerWriter(metadata, names, image.length);
    byte[] found = new byte[16];
    for (int start = 0; start < image.length; start += PIECE) {
      int length = Math.min(PIECE, image.length - start);
      fingerprint.compute(MemorySegment.ofArray(image), start, length, found);
      layer.add(start / PIECE, PieceState.KNOWN, found);
    }
    fingerprints.add(layer.finish());
  }

  private void addUsage() throws MoverException {
    Map<PackName, Long> now = new TreeMap<>();
    for (MapEntry.Data entry : entries()) {
      now.merge(entry.location().pack(), entry.length(), Long::sum);
    }
    UsageWriter changes = new UsageWriter(metadata, names);
    for (PackName pack : new TreeSet<>(now.keySet())) {
      changes.add(pack, now.get(pack) - counted.getOrDefault(pack, 0L));
    }
    for (PackName pack : counted.keySet()) {
      if (!now.containsKey(pack)) {
        changes.add(pack, -counted.get(pack));
      }
    }
    usage.addAll(changes.finish());
    counted = now;
  }

  /** Layers of fingerprints. */
  public List<Layer> fingerprints() {
    return List.copyOf(fingerprints);
  }

  /** Usage packs. */
  public List<PackReference> usage() {
    return List.copyOf(usage);
  }

  private void put(MapLayerWriter layer, int at, byte[] bytes) throws Exception {
    layer.add(new MapEntry.Data(at, bytes.length, write(bytes), 0));
    System.arraycopy(bytes, 0, image, at, bytes.length);
  }

  private ChunkLocation write(byte[] bytes) throws InterruptedException {
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    var id = writer.id(direct);
    ChunkLocation location = known.get(id.a());
    if (location == null) {
      location = writer.write(id, direct);
      known.put(id.a(), location);
    }
    return location;
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] text(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ('a' + random.nextInt(4));
    }
    return bytes;
  }

  private static byte[] same(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 7);
    return bytes;
  }

  public LayeredMap map() {
    return new LayeredMap(metadata, layers, image.length);
  }

  /** As a reader sees it, with the fingerprints of all pieces known. */
  public StoredBackup content() {
    return content(metadata.store());
  }

  /** As a reader sees it through another store. */
  public StoredBackup content(ObjectStore store) {
    MetadataStore other = new MetadataStore(store, keys);
    return content(store, () -> new KnownPieces(other, fingerprints, image.length));
  }

  /** As a reader sees it. */
  public StoredBackup content(Supplier<PieceStates> states) {
    return content(metadata.store(), states);
  }

  /** As a reader sees it through another store. */
  public StoredBackup content(ObjectStore store, Supplier<PieceStates> states) {
    MetadataStore other = new MetadataStore(store, keys);
    return new StoredBackup(
        other,
        new DataKeys(store, keys),
        "b1",
        "volume",
        CHUNK,
        new LayeredMap(other, layers, image.length),
        Relocation.NONE,
        states);
  }

  /** The map's entries, for tests that damage what one of them needs. */
  public List<MapEntry.Data> entries() throws MoverException {
    List<MapEntry.Data> result = new ArrayList<>();
    var cursor = map().cursor(0);
    for (MapEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      if (entry instanceof MapEntry.Data data) {
        result.add(data);
      }
    }
    return result;
  }
}

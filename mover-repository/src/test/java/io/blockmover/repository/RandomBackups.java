package io.blockmover.repository;

import io.blockmover.api.MoverException;
import io.blockmover.repository.commit.BackupSession;
import io.blockmover.repository.commit.CommitOutcome;
import io.blockmover.repository.commit.ManifestDraft;
import io.blockmover.repository.commit.NeededPacks;
import io.blockmover.repository.commit.ParentChoice;
import io.blockmover.repository.commit.SessionRequest;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.SourceRecord;
import io.blockmover.repository.manifest.TrackerRecord;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.map.MapLayerWriter;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.ChunkWriter;
import io.blockmover.repository.pack.DataPackWriter;
import io.blockmover.repository.pack.PackBuffers;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackUploader;
import io.blockmover.repository.session.SessionHost;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Backups of one volume with all that a map may hold: extents of any length, zeros, chunks used
 * twice and in part, overlays, a volume that grows and shrinks.
 */
final class RandomBackups {

  static final String VOLUME = "a volume, größer";
  private static final int CHUNK_BYTES = 64 * 1024;

  private final Repository repository;
  private final Random random;
  private final List<Layer> layers = new ArrayList<>();
  private final List<MapEntry.Data> stored = new ArrayList<>();
  private final List<byte[]> contents = new ArrayList<>();
  private final TreeSet<PackName> packs = new TreeSet<>();
  private byte[] volume = new byte[0];

  RandomBackups(Repository repository, long seed) {
    this.repository = repository;
    this.random = new Random(seed);
  }

  /** What the volume held at the last backup. */
  byte[] volume() {
    return volume.clone();
  }

  /** Makes a backup of a volume of this size; its id. */
  String add(int volumeBytes) throws MoverException, InterruptedException {
    try (ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
        ExecutorService uploads = Executors.newFixedThreadPool(2);
        BackupSession session =
            BackupSession.begin(
                repository,
                SessionHost.current("host", "test", beats),
                new SessionRequest(
                    VOLUME, ParentChoice.LATEST, volumeBytes, CHUNK_BYTES, null, null))) {
      volume = Arrays.copyOf(volume, volumeBytes);
      PackBuffers buffers = new PackBuffers(2, 512 * 1024);
      PackUploader uploader =
          new PackUploader(repository.store(), buffers, uploads, pack -> remember(pack.name()));
      DataPackWriter writer =
          new DataPackWriter(
              repository.keys(), session.names(), buffers, uploader, new SecureRandom());
      MapLayerWriter map =
          new MapLayerWriter(repository.metadata(), session.names(), volumeBytes, CHUNK_BYTES);
      try (ChunkWriter chunks = new ChunkWriter(repository.keys(), writer, 1, CHUNK_BYTES)) {
        int at = random.nextInt(CHUNK_BYTES);
        while (at < volumeBytes) {
          int room = Math.min(volumeBytes - at, CHUNK_BYTES - at % CHUNK_BYTES);
          int length = 1 + random.nextInt(random.nextBoolean() ? room : Math.min(room, 5000));
          map.add(entry(chunks, at, length));
          at += length + random.nextInt(CHUNK_BYTES);
        }
      }
      writer.flush();
      uploader.drain();
      layers.add(map.finish());
      CommitOutcome outcome =
          session.commit(new ManifestDraft(manifest(session), 1, NeededPacks.of(packs)));
      if (!(outcome instanceof CommitOutcome.Committed)) {
        throw new AssertionError(outcome);
      }
      return session.backupId();
    }
  }

  private synchronized void remember(PackName pack) {
    packs.add(pack);
  }

  private MapEntry entry(ChunkWriter chunks, int at, int length) throws InterruptedException {
    switch (random.nextInt(4)) {
      case 0 -> {
        Arrays.fill(volume, at, at + length, (byte) 0);
        return new MapEntry.Zero(at, length);
      }
      case 1 -> {
        int which = stored.isEmpty() ? 0 : random.nextInt(stored.size());
        if (!stored.isEmpty() && contents.get(which).length >= length) {
          byte[] content = contents.get(which);
          int within = random.nextInt(content.length - length + 1);
          System.arraycopy(content, within, volume, at, length);
          return new MapEntry.Data(at, length, stored.get(which).location(), within);
        }
      }
      default -> {}
    }
    byte[] content = new byte[length];
    random.nextBytes(content);
    if (random.nextBoolean()) {
      Arrays.fill(content, 0, length / 2, (byte) 0); // compresses
    }
    ByteBuffer direct = ByteBuffer.allocateDirect(length).put(content).flip();
    ChunkLocation location = chunks.write(chunks.id(direct), direct);
    System.arraycopy(content, 0, volume, at, length);
    MapEntry.Data entry = new MapEntry.Data(at, length, location, 0);
    stored.add(entry);
    contents.add(content);
    return entry;
  }

  private Manifest manifest(BackupSession session) {
    return new Manifest(
        Manifest.VERSION,
        List.of(),
        session.backupId(),
        VOLUME,
        session.id(),
        0,
        session.parent().map(parent -> parent.row().id()).orElse(null),
        volume.length,
        CHUNK_BYTES,
        65536,
        session.started(),
        session.started(),
        "host",
        "test",
        layers,
        List.of(),
        List.of(),
        List.of(),
        new TrackerRecord("full-scan", "CANDIDATE", null, null, List.of()),
        new SourceRecord("file", VOLUME, null),
        List.of(),
        List.of(),
        Map.of());
  }
}

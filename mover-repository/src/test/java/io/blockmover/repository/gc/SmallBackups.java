package io.blockmover.repository.gc;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.BackupSession;
import io.blockmover.repository.commit.CommitOutcome;
import io.blockmover.repository.commit.ManifestDraft;
import io.blockmover.repository.commit.NeededPacks;
import io.blockmover.repository.commit.Parent;
import io.blockmover.repository.commit.Scene;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.repository.index.ChunkIndex;
import io.blockmover.repository.index.IndexRules;
import io.blockmover.repository.index.IndexSegment;
import io.blockmover.repository.index.IndexSegmentWriter;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.PackSize;
import io.blockmover.repository.manifest.SourceRecord;
import io.blockmover.repository.manifest.TrackerRecord;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapCursor;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.map.MapLayerWriter;
import io.blockmover.repository.pack.ChunkId;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.ChunkWriter;
import io.blockmover.repository.pack.DataPackWriter;
import io.blockmover.repository.pack.PackBuffers;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.usage.UsageReader;
import io.blockmover.repository.usage.UsageRow;
import io.blockmover.repository.usage.UsageWriter;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Backups whose chunks are numbers, each at a place of its own: packs, maps, usage and index by the
 * classes of production. They take over what the parent has, look into the index and repair
 * themselves as the engine does.
 */
final class SmallBackups {

  /** So few that lists are left out. */
  private static final int MAX_CONDEMNED = 6;

  /** Bytes of the volume from one chunk's place to the next. */
  static final int CELL_BYTES = 64 << 10;

  static final int CHUNK_BYTES = 32;
  private static final long VOLUME_BYTES = 1024L * CELL_BYTES;
  private static final int GRID_BYTES = 512 << 10;
  private static final int MAX_LAYERS = 3;
  private static final int MAX_ROUNDS = 50;
  private static final int MAX_SESSIONS = 10;

  private final Repository repository;
  private final Rules rules;
  private final int chunksPerPack;
  private final Set<String> failed = new TreeSet<>();

  /** What decides which entries of the index may be used. */
  interface Rules {
    IndexRules of(Repository repository, List<IndexSegment> segments) throws MoverException;
  }

  SmallBackups(Repository repository) {
    this(repository, SmallBackups::protocol, 1);
  }

  SmallBackups(Repository repository, Rules rules, int chunksPerPack) {
    this.repository = repository;
    this.rules = rules;
    this.chunksPerPack = chunksPerPack;
  }

  /** Ids of backups that were said to have failed; of others it is not known what became. */
  Set<String> failed() {
    return failed;
  }

  /** What a chunk of that number holds. */
  static ByteBuffer content(int chunk) {
    ByteBuffer content = ByteBuffer.allocateDirect(CHUNK_BYTES);
    while (content.hasRemaining()) {
      content.putInt(chunk + 1);
    }
    return content.flip();
  }

  /** How a manifest says, to whoever checks it, which chunks its backup holds. */
  static String statistic(int chunk) {
    return "chunk-" + chunk;
  }

  /** As the engine has it. */
  static IndexRules protocol(Repository repository, List<IndexSegment> segments)
      throws MoverException {
    long lowest = segments.stream().mapToLong(IndexSegment::asOf).min().orElse(0);
    Condemned condemned = new GcReader(repository.documents()).latest(lowest, MAX_CONDEMNED);
    return new IndexRules() {
      @Override
      public boolean usable(long asOf) {
        return asOf >= condemned.floor();
      }

      @Override
      public boolean usable(PackName pack, long asOf) {
        return !condemned.packs().contains(pack);
      }
    };
  }

  /** A whole backup of a volume that holds these chunks; its id. */
  String backUp(String volume, Collection<Integer> chunks) throws MoverException {
    for (int attempt = 0; attempt < MAX_SESSIONS; attempt++) {
      BackupSession session = BackupSession.begin(repository, Scene.HOST, Scene.request(volume));
      try (session) {
        Optional<String> id = new Run(session).backUp(chunks);
        if (id.isPresent()) {
          return id.get();
        }
      } catch (WriteOutcomeUnknown e) {
        throw e;
      } catch (StoreUnavailable | Cancelled | AccessDenied e) {
        failed.add(session.backupId());
        throw e;
      } catch (ObjectNotFound e) {
        // Of the parent, if it was forgotten and the pin on it not believed; else it is a loss.
        if (session.parent().isEmpty() || isListed(volume, session.parent().get())) {
          throw new AssertionError("listed, and gone", e);
        }
      }
    }
    throw new IllegalStateException("too old " + MAX_SESSIONS + " times");
  }

  private boolean isListed(String volume, Parent parent) throws MoverException {
    return new HeadStore(repository).load(volume).head().find(parent.row().id()).isPresent();
  }

  /** One that dies when its packs are there, and offers nothing. */
  String storeOnly(String volume, Collection<Integer> chunks) throws MoverException {
    try (BackupSession session =
        BackupSession.begin(repository, Scene.HOST, Scene.request(volume))) {
      Run run = new Run(session);
      run.index = run.openIndex();
      run.store(chunks);
      run.putIndex();
      return session.id();
    }
  }

  private final class Run {

    private final BackupSession session;
    private final Set<PackName> condemned = new TreeSet<>();
    private final SortedMap<Integer, ChunkLocation> before = new TreeMap<>();
    private final DataPackWriter packs;
    private final ChunkWriter chunks;
    private List<PackReference> usage;
    private List<Layer> layers;
    private IndexSegmentWriter segment = new IndexSegmentWriter();
    private ChunkIndex index;
    private SortedMap<Integer, ChunkLocation> places = new TreeMap<>();

    Run(BackupSession session) {
      this.session = session;
      Optional<Manifest> parent = session.parent().map(Parent::manifest);
      this.usage =
          parent.map(Manifest::usage).orElse(List.of()).stream().map(PackSize::reference).toList();
      this.layers = parent.map(Manifest::map).orElse(List.of());
      PackBuffers buffers = new PackBuffers(1, 8 << 10);
      this.packs =
          new DataPackWriter(
              repository.keys(),
              session.names(),
              buffers,
              (name, pack, memory) -> {
                waiting.add(Map.entry(name, copy(pack)));
                buffers.release(memory);
              },
              new SecureRandom());
      this.chunks = new ChunkWriter(repository.keys(), packs, 1, CHUNK_BYTES);
    }

    private final List<Map.Entry<PackName, ByteBuffer>> waiting = new ArrayList<>();

    private static ByteBuffer copy(ByteBuffer body) {
      return ByteBuffer.allocate(body.remaining()).put(body).flip();
    }

    /** Empty if the session is older than the lists that are kept. */
    Optional<String> backUp(Collection<Integer> wanted) throws MoverException {
      readParent();
      index = openIndex();
      List<Integer> missing = new ArrayList<>();
      for (int chunk : wanted) {
        ChunkId id = chunks.id(content(chunk));
        ChunkLocation known =
            before.containsKey(chunk) ? before.get(chunk) : index.find(id.a(), id.b());
        if (known != null) {
          places.put(chunk, known);
        } else {
          missing.add(chunk);
        }
      }
      places.putAll(store(missing));
      writeMap();
      replaceUsage();
      putIndex();
      for (int round = 0; round < MAX_ROUNDS; round++) {
        CommitOutcome outcome = session.commit(draft());
        switch (outcome) {
          case CommitOutcome.Committed _,
              CommitOutcome.AlreadyCommitted _,
              CommitOutcome.Forgotten _ -> {
            return Optional.of(session.backupId());
          }
          case CommitOutcome.PacksCondemned(var hit) -> {
            condemned.addAll(hit);
            List<Integer> again = new ArrayList<>();
            places.forEach(
                (chunk, place) -> {
                  if (hit.contains(place.pack())) {
                    again.add(chunk);
                  }
                });
            places.putAll(store(again));
            writeAllAnew();
          }
          case CommitOutcome.SessionTooOld _ -> {
            session.discard();
            return Optional.empty();
          }
        }
      }
      throw new IllegalStateException("condemned " + MAX_ROUNDS + " times");
    }

    private void readParent() throws MoverException {
      if (layers.isEmpty()) {
        return;
      }
      MapCursor cursor = new LayeredMap(repository.metadata(), layers, VOLUME_BYTES).cursor(0);
      for (MapEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
        if (entry instanceof MapEntry.Data data) {
          before.put((int) (data.offset() / CELL_BYTES), data.location());
        }
      }
    }

    SortedMap<Integer, ChunkLocation> store(Collection<Integer> wanted) throws MoverException {
      SortedMap<Integer, ChunkLocation> stored = new TreeMap<>();
      try {
        int inPack = 0;
        for (int chunk : wanted) {
          ByteBuffer content = content(chunk);
          stored.put(chunk, chunks.write(chunks.id(content), content));
          if (++inPack % chunksPerPack == 0) {
            packs.flush();
          }
        }
        packs.flush();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      for (Map.Entry<PackName, ByteBuffer> pack : waiting) {
        put(PackKind.DATA.keyOf(pack.getKey()), pack.getValue());
      }
      waiting.clear();
      stored.values().forEach(segment::add);
      return stored;
    }

    private void put(String key, ByteBuffer pack) throws MoverException {
      for (int attempt = 0; ; attempt++) {
        try {
          repository.store().putIfAbsent(key, pack.duplicate());
          return;
        } catch (WriteOutcomeUnknown e) {
          if (attempt == 5) {
            throw e;
          }
        } catch (ObjectAlreadyExists e) {
          return; // the name is ours: so is the pack
        }
      }
    }

    void putIndex() throws MoverException {
      if (!segment.isEmpty()) {
        segment.finish(repository.metadata(), session.names().next(), 0, session.epoch());
        segment = new IndexSegmentWriter();
      }
    }

    /** An overlay with what is different, or, where there are many, a base. */
    private void writeMap() throws MoverException {
      if (layers.isEmpty() || layers.size() == MAX_LAYERS) {
        layers = List.of(base());
        return;
      }
      MapLayerWriter writer = layer();
      SortedSet<Integer> all = new TreeSet<>(before.keySet());
      all.addAll(places.keySet());
      for (int chunk : all) {
        ChunkLocation place = places.get(chunk);
        if (place == null) {
          writer.add(new MapEntry.Zero((long) chunk * CELL_BYTES, CHUNK_BYTES));
        } else if (!place.equals(before.get(chunk))) {
          writer.add(entry(chunk, place));
        }
      }
      Layer overlay = writer.finish();
      if (!overlay.packs().isEmpty()) {
        List<Layer> more = new ArrayList<>(layers);
        more.add(overlay);
        layers = more;
      }
    }

    private Layer base() throws MoverException {
      MapLayerWriter writer = layer();
      for (Map.Entry<Integer, ChunkLocation> place : places.entrySet()) {
        writer.add(entry(place.getKey(), place.getValue()));
      }
      return writer.finish();
    }

    private MapLayerWriter layer() {
      return new MapLayerWriter(repository.metadata(), session.names(), VOLUME_BYTES, GRID_BYTES);
    }

    private static MapEntry entry(int chunk, ChunkLocation place) {
      return new MapEntry.Data((long) chunk * CELL_BYTES, CHUNK_BYTES, place, 0);
    }

    /** What the volume holds now is gained, what it held is lost. */
    private void replaceUsage() throws MoverException {
      UsageWriter writer = new UsageWriter(repository.metadata(), session.names());
      UsageReader reader = new UsageReader(repository.metadata(), usage);
      for (UsageRow row = reader.next(); row != null; row = reader.next()) {
        writer.add(row.pack(), -row.referencedBytes());
      }
      for (ChunkLocation place : places.values()) {
        writer.add(place.pack(), CHUNK_BYTES);
      }
      List<PackReference> all = new ArrayList<>(usage);
      all.addAll(writer.finish());
      usage = all;
    }

    /** After packs were condemned; packs of maps and of usage may be among them. */
    private void writeAllAnew() throws MoverException {
      layers = List.of(base());
      UsageWriter writer = new UsageWriter(repository.metadata(), session.names());
      for (ChunkLocation place : places.values()) {
        writer.add(place.pack(), CHUNK_BYTES);
      }
      usage = writer.finish();
      putIndex();
    }

    private ManifestDraft draft() {
      List<PackReference> needs = usage;
      Map<String, Long> statistics = new TreeMap<>();
      places.keySet().forEach(chunk -> statistics.put(statistic(chunk), 1L));
      Manifest manifest =
          new Manifest(
              Manifest.VERSION,
              List.of(),
              session.backupId(),
              session.volume(),
              session.id(),
              0,
              session.terms().parent(),
              VOLUME_BYTES,
              GRID_BYTES,
              64 << 10,
              session.started(),
              session.started(),
              "host",
              "test",
              layers,
              List.of(),
              needs.stream().map(PackSize::of).toList(),
              List.of(),
              new TrackerRecord("full-scan", "CANDIDATE", null, null, List.of()),
              new SourceRecord("file", "/image", null),
              List.of(),
              List.of(),
              statistics);
      NeededPacks needed =
          names -> new UsageReader(repository.metadata(), needs).neededOf(names.iterator());
      return new ManifestDraft(manifest, 1, needed);
    }

    ChunkIndex openIndex() throws MoverException {
      List<IndexSegment> segments = new ArrayList<>();
      ObjectStore.ObjectListing listing = repository.store().list("i/", "");
      for (Optional<ObjectSummary> next = listing.next(); next.isPresent(); next = listing.next()) {
        String[] parts = next.get().key().split("/", -1);
        PackReference pack = new PackReference(PackName.parse(parts[2]), next.get().sizeBytes());
        try {
          segments.add(IndexSegment.open(repository.metadata(), pack, Integer.parseInt(parts[1])));
        } catch (ObjectNotFound collected) {
          // Then nothing is known of it.
        }
      }
      return ChunkIndex.of(segments, 1 << 20, rules.of(repository, segments));
    }
  }
}

package io.blockmover.repository.gc;

import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.ObjectNotFound;
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
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.PackSize;
import io.blockmover.repository.manifest.SourceRecord;
import io.blockmover.repository.manifest.TrackerRecord;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.usage.UsageReader;
import io.blockmover.repository.usage.UsageRow;
import io.blockmover.repository.usage.UsageWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Backups whose chunks are numbers, each in a pack of its own: all that garbage collection sees of
 * a backup, by the classes of production. They compare with the parent, look into the index and
 * repair themselves as the engine does.
 */
final class SmallBackups {

  /** So few that lists are left out. */
  private static final int MAX_CONDEMNED = 6;

  private static final int PACK_BYTES = 64;
  private static final int MAX_ROUNDS = 50;
  private static final int MAX_SESSIONS = 10;

  private final Repository repository;
  private final Rules rules;

  /** What decides which entries of the index may be used. */
  interface Rules {
    IndexRules of(Repository repository, List<IndexSegment> segments) throws MoverException;
  }

  SmallBackups(Repository repository) {
    this(repository, SmallBackups::protocol);
  }

  SmallBackups(Repository repository, Rules rules) {
    this.repository = repository;
    this.rules = rules;
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
      for (int chunk : chunks) {
        run.store(chunk);
      }
      run.putIndex();
      return session.id();
    }
  }

  private final class Run {

    private final BackupSession session;
    private final Set<PackName> condemned = new TreeSet<>();
    private List<PackReference> usage;
    private IndexSegmentWriter segment = new IndexSegmentWriter();
    private ChunkIndex index;

    Run(BackupSession session) {
      this.session = session;
      this.usage =
          session.parent().map(Parent::manifest).map(Manifest::usage).orElse(List.of()).stream()
              .map(PackSize::reference)
              .toList();
    }

    /** Empty if the session is older than the lists that are kept. */
    Optional<String> backUp(Collection<Integer> wanted) throws MoverException {
      index = openIndex();
      List<ChunkLocation> places = new ArrayList<>();
      for (int chunk : wanted) {
        places.add(place(chunk));
      }
      replaceUsage(places);
      putIndex();
      for (int round = 0; round < MAX_ROUNDS; round++) {
        CommitOutcome outcome = session.commit(draft());
        switch (outcome) {
          case CommitOutcome.Committed _,
              CommitOutcome.AlreadyCommitted _,
              CommitOutcome.Forgotten _ -> {
            return Optional.of(session.backupId());
          }
          case CommitOutcome.PacksCondemned(var packs) -> {
            condemned.addAll(packs);
            for (int i = 0; i < places.size(); i++) {
              if (packs.contains(places.get(i).pack())) {
                places.set(i, store((int) places.get(i).idLow()));
              }
            }
            rewriteUsage(places);
          }
          case CommitOutcome.SessionTooOld _ -> {
            session.discard();
            return Optional.empty();
          }
        }
      }
      throw new IllegalStateException("condemned " + MAX_ROUNDS + " times");
    }

    private ChunkLocation place(int chunk) throws MoverException {
      ChunkLocation known = index.find(chunk, chunk);
      return known != null && !condemned.contains(known.pack()) ? known : store(chunk);
    }

    ChunkLocation store(int chunk) throws MoverException {
      PackName pack = session.names().next();
      String key = PackKind.DATA.keyOf(pack);
      for (int attempt = 0; ; attempt++) {
        try {
          repository.store().putIfAbsent(key, ByteBuffer.allocate(PACK_BYTES));
          break;
        } catch (WriteOutcomeUnknown e) {
          if (attempt == 5) {
            throw e;
          }
        } catch (ObjectAlreadyExists e) {
          break; // the name is ours: so is the pack
        }
      }
      ChunkLocation location = new ChunkLocation(chunk, chunk, pack, 0, PACK_BYTES, PACK_BYTES);
      segment.add(location);
      return location;
    }

    void putIndex() throws MoverException {
      if (!segment.isEmpty()) {
        segment.finish(repository.metadata(), session.names().next(), 0, session.epoch());
        segment = new IndexSegmentWriter();
      }
    }

    /** What the volume holds now is gained, what it held is lost. */
    private void replaceUsage(List<ChunkLocation> places) throws MoverException {
      UsageWriter writer = new UsageWriter(repository.metadata(), session.names());
      UsageReader reader = new UsageReader(repository.metadata(), usage);
      for (UsageRow row = reader.next(); row != null; row = reader.next()) {
        writer.add(row.pack(), -row.referencedBytes());
      }
      for (ChunkLocation place : places) {
        writer.add(place.pack(), PACK_BYTES);
      }
      List<PackReference> all = new ArrayList<>(usage);
      all.addAll(writer.finish());
      usage = all;
    }

    /** After packs were condemned; packs of usage may be among them. */
    private void rewriteUsage(List<ChunkLocation> places) throws MoverException {
      UsageWriter writer = new UsageWriter(repository.metadata(), session.names());
      for (ChunkLocation place : places) {
        writer.add(place.pack(), PACK_BYTES);
      }
      usage = writer.finish();
      putIndex();
    }

    private ManifestDraft draft() {
      List<PackReference> packs = usage;
      Manifest manifest =
          new Manifest(
              Manifest.VERSION,
              List.of(),
              session.backupId(),
              session.volume(),
              session.id(),
              0,
              session.terms().parent(),
              1 << 20,
              512 << 10,
              64 << 10,
              session.started(),
              session.started(),
              "host",
              "test",
              List.of(),
              List.of(),
              packs.stream().map(PackSize::of).toList(),
              List.of(),
              new TrackerRecord("full-scan", "CANDIDATE", null, null, List.of()),
              new SourceRecord("file", "/image", null),
              List.of(),
              List.of(),
              Map.of());
      NeededPacks needed =
          names -> new UsageReader(repository.metadata(), packs).neededOf(names.iterator());
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

package io.blockmover.repository.gc;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.Cancelled;
import io.blockmover.api.ConditionFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.VersionTag;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.Scene;
import io.blockmover.repository.document.DocumentStore;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.VolumeHead;
import io.blockmover.testkit.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * Stores that lie so that the classes of production do what a variant of the protocol would do that
 * is known to be unsafe (section 6 of the commit protocol).
 */
final class BrokenStores {

  private BrokenStores() {}

  /** {@code early listing}, {@code no final mark}: the manifests as they were at the first look. */
  static ObjectStore listingManifestsOnce(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      private List<ObjectSummary> first;

      @Override
      public ObjectListing list(String prefix, String startAfter) {
        if (!prefix.equals("s/")) {
          return super.list(prefix, startAfter);
        }
        List<ObjectSummary> known = first;
        if (known != null) {
          return ObjectListing.of(known.iterator());
        }
        ObjectListing listing = super.list(prefix, startAfter);
        List<ObjectSummary> seen = new ArrayList<>();
        first = seen;
        return () -> {
          Optional<ObjectSummary> next = listing.next();
          next.ifPresent(seen::add);
          return next;
        };
      }
    };
  }

  /** {@code enumerate v/}: manifests that no HEAD lists are not seen. */
  static ObjectStore hidingPendingManifests(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      @Override
      public ObjectListing list(String prefix, String startAfter) {
        ObjectListing listing = super.list(prefix, startAfter);
        if (!prefix.equals("s/")) {
          return listing;
        }
        return () -> {
          Optional<ObjectSummary> next = listing.next();
          while (next.isPresent() && !isListed(next.get().key())) {
            next = listing.next();
          }
          return next;
        };
      }

      private boolean isListed(String key) throws MoverException {
        try {
          return reading()
              .documents()
              .load("v/" + key.substring(2, 34) + "/HEAD", VolumeHead.class)
              .backups()
              .stream()
              .anyMatch(row -> row.manifest().equals(key));
        } catch (ObjectNotFound e) {
          return false;
        }
      }
    };
  }

  /** {@code delete first}: what it would publish, it only believes to have published. */
  static ObjectStore publishingNothing(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      @Override
      public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
        return key.equals(GcHead.KEY) ? new VersionTag("no") : super.putIfAbsent(key, body);
      }

      @Override
      public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
          throws MoverException {
        return key.equals(GcHead.KEY) ? new VersionTag("no") : super.replace(key, body, expected);
      }
    };
  }

  /** {@code own list}: who lost the race for gc/HEAD goes on with its own list. */
  static ObjectStore neverLosing(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      @Override
      public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
        try {
          return super.putIfAbsent(key, body);
        } catch (ObjectAlreadyExists e) {
          return won(key, e);
        }
      }

      @Override
      public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
          throws MoverException {
        try {
          return super.replace(key, body, expected);
        } catch (ConditionFailed e) {
          return won(key, e);
        }
      }

      private VersionTag won(String key, MoverException lost) throws MoverException {
        if (!key.equals(GcHead.KEY)) {
          throw lost;
        }
        return new VersionTag("no");
      }
    };
  }

  /** {@code heartbeat}: whoever is silent is taken for dead, and no HEAD is moved on. */
  static ObjectStore buryingNobody(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      @Override
      public LoadedObject load(String key, int maxBytes) throws MoverException {
        LoadedObject object = super.load(key, maxBytes);
        if (!key.startsWith("v/")) {
          return object;
        }
        Repository repository = reading();
        VolumeHead head = seal(repository).open(key, object, VolumeHead.class);
        VolumeHead moved =
            new VolumeHead(
                head.version(),
                head.volume(),
                head.seq() + 1,
                head.nonce(),
                head.backups(),
                head.older(),
                head.olderCount(),
                head.removed(),
                head.previous());
        return new LoadedObject(seal(repository).close(key, moved), object.version());
      }
    };
  }

  /** {@code no fencing}, {@code check first}: gc/HEAD as it was when the session began. */
  static ObjectStore lookingOnlyAtTheBeginning(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      private LoadedObject first;
      private boolean absent;

      @Override
      public LoadedObject load(String key, int maxBytes) throws MoverException {
        if (!key.equals(GcHead.KEY)) {
          return super.load(key, maxBytes);
        }
        if (absent) {
          throw new ObjectNotFound(key, "");
        }
        if (first == null) {
          try {
            first = super.load(key, maxBytes);
          } catch (ObjectNotFound e) {
            absent = true;
            throw e;
          }
        }
        return new LoadedObject(first.bytes().clone(), first.version());
      }
    };
  }

  /** What a session sees of gc/HEAD, changed. */
  static UnaryOperator<ObjectStore> seeing(UnaryOperator<GcHead> change) {
    return store ->
        new ForwardingObjectStore(store) {
          @Override
          public LoadedObject load(String key, int maxBytes) throws MoverException {
            LoadedObject object = super.load(key, maxBytes);
            if (!key.equals(GcHead.KEY)) {
              return object;
            }
            Repository repository = reading();
            GcHead head = seal(repository).open(key, object, GcHead.class);
            return new LoadedObject(
                seal(repository).close(key, change.apply(head)), object.version());
          }
        };
  }

  /** {@code newest list}: lists before the newest are not read. */
  static GcHead newestList(GcHead head) {
    List<GcHead.DoomList> lists = head.lists();
    return new GcHead(
        head.seq(),
        head.nonce(),
        head.finalEpoch(),
        head.plan(),
        lists.isEmpty() ? lists : lists.subList(lists.size() - 1, lists.size()),
        head.floor());
  }

  /** {@code no floor}: that lists were dropped is not noticed. */
  static GcHead noFloor(GcHead head) {
    return new GcHead(head.seq(), head.nonce(), head.finalEpoch(), head.plan(), head.lists(), 0);
  }

  /** A plan is not looked at, only what is final. */
  static GcHead noPlan(GcHead head) {
    return new GcHead(
        head.seq(), head.nonce(), head.finalEpoch(), null, head.lists(), head.floor());
  }

  /** {@code late epoch}: the session believes that it began when the next epoch was over. */
  static ObjectStore countingThePlanAsFinal(ObjectStore store) {
    boolean[] begun = {false};
    return seeing(
            head -> {
              boolean first = !begun[0];
              begun[0] = true;
              return first
                  ? new GcHead(
                      head.seq(),
                      head.nonce(),
                      head.finalEpoch() + 1,
                      head.plan(),
                      head.lists(),
                      head.floor())
                  : new GcHead(
                      head.seq(),
                      head.nonce(),
                      head.finalEpoch(),
                      null,
                      head.lists(),
                      head.floor());
            })
        .apply(store);
  }

  /** {@code lease late}: the pin is there only when some of the backup has been read. */
  static ObjectStore pinningLate(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      private final Map<String, ByteBuffer> waiting = new HashMap<>();
      private int found;

      @Override
      public VersionTag put(String key, ByteBuffer body) throws MoverException {
        if (!key.startsWith("w/")) {
          return super.put(key, body);
        }
        waiting.put(key, ByteBuffer.allocate(body.remaining()).put(body.duplicate()).flip());
        return new VersionTag("later");
      }

      @Override
      public Optional<ObjectSummary> find(String key) throws MoverException {
        for (String pin : ++found % 4 == 0 ? List.copyOf(waiting.keySet()) : List.<String>of()) {
          super.put(pin, waiting.remove(pin));
        }
        return super.find(key);
      }
    };
  }

  /** {@code no re-read}: after a lost commit gc/HEAD is believed to be as it was at the first. */
  static ObjectStore lookingOnce(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      private boolean published;
      private LoadedObject first;

      @Override
      public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
        published |= key.startsWith("s/");
        return super.putIfAbsent(key, body);
      }

      @Override
      public LoadedObject load(String key, int maxBytes) throws MoverException {
        if (!key.equals(GcHead.KEY) || !published) {
          return super.load(key, maxBytes);
        }
        if (first == null) {
          first = super.load(key, maxBytes);
        }
        return new LoadedObject(first.bytes().clone(), first.version());
      }
    };
  }

  /** {@code survey: own}: packs that the session wrote itself are not looked for. */
  static ObjectStore trustingItsOwnPacks(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      private final Set<String> sessions = new HashSet<>();

      @Override
      public VersionTag put(String key, ByteBuffer body) throws MoverException {
        if (key.startsWith("w/")) {
          sessions.add(key.substring(2, 34));
        }
        return super.put(key, body);
      }

      @Override
      public LoadedObject load(String key, int maxBytes) throws MoverException {
        LoadedObject object = super.load(key, maxBytes);
        if (!PackLists.KEY.matcher(key).matches()) {
          return object;
        }
        Repository repository = reading();
        PackList list = seal(repository).open(key, object, PackList.class);
        List<String> others =
            list.packs().stream()
                .filter(pack -> !sessions.contains(pack.substring(0, 32)))
                .toList();
        return new LoadedObject(
            seal(repository).close(key, new PackList(others)), object.version());
      }
    };
  }

  /** {@code re-offer}: a manifest whose swap did not take effect is offered again. */
  static ObjectStore offeringAgain(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      private final Map<String, String> firstOf = new HashMap<>();
      private final Map<String, String> firstInsteadOf = new HashMap<>();

      @Override
      public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
        if (key.startsWith("s/")) {
          String backup = key.substring(35, 67);
          String first = firstOf.putIfAbsent(backup, key);
          if (first != null) {
            firstInsteadOf.put(key, first);
            return new VersionTag("again");
          }
        }
        return super.putIfAbsent(key, key.startsWith("v/") ? again(key, body) : body);
      }

      @Override
      public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
          throws MoverException {
        return super.replace(key, key.startsWith("v/") ? again(key, body) : body, expected);
      }

      private ByteBuffer again(String key, ByteBuffer body) throws MoverException {
        byte[] bytes = new byte[body.remaining()];
        body.duplicate().get(bytes);
        Seal seal = seal(reading());
        VolumeHead head =
            seal.open(key, new LoadedObject(bytes, new VersionTag("own")), VolumeHead.class);
        List<BackupRow> rows = new ArrayList<>();
        for (BackupRow row : head.backups()) {
          String first = firstInsteadOf.getOrDefault(row.manifest(), row.manifest());
          rows.add(
              new BackupRow(
                  row.id(),
                  first,
                  row.created(),
                  row.volumeBytes(),
                  row.storedBytes(),
                  row.parent(),
                  row.tags(),
                  row.badBlocks()));
        }
        return ByteBuffer.wrap(seal.close(key, with(head, head.seq(), rows)));
      }
    };
  }

  private static VolumeHead with(VolumeHead head, long seq, List<BackupRow> rows) {
    return new VolumeHead(
        head.version(),
        head.volume(),
        seq,
        head.nonce(),
        rows,
        head.older(),
        head.olderCount(),
        head.removed(),
        head.previous());
  }

  /** {@code ABA}: a HEAD that is moved on without a change has the version that it had before. */
  static ObjectStore buryingInVain(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      private final Map<String, Integer> moved = new HashMap<>();

      @Override
      public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
          throws MoverException {
        if (!key.startsWith("v/")) {
          return super.replace(key, body, expected);
        }
        moved.merge(key, 1, Integer::sum);
        return expected;
      }

      @Override
      public LoadedObject load(String key, int maxBytes) throws MoverException {
        LoadedObject object = super.load(key, maxBytes);
        if (!moved.containsKey(key)) {
          return object;
        }
        Seal seal = seal(reading());
        VolumeHead head = seal.open(key, object, VolumeHead.class);
        return new LoadedObject(
            seal.close(key, with(head, head.seq() + moved.get(key), head.backups())),
            object.version());
      }
    };
  }

  /** {@code HEAD removed}: somebody tidies up HEADs of volumes without backups. */
  static ObjectStore removingEmptyHeads(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      @Override
      public LoadedObject load(String key, int maxBytes) throws MoverException {
        for (String head : heads()) {
          LoadedObject object = super.load(head, Integer.MAX_VALUE);
          if (seal(reading()).open(head, object, VolumeHead.class).backups().isEmpty()) {
            super.delete(head);
          }
        }
        return super.load(key, maxBytes);
      }

      private List<String> heads() throws MoverException {
        List<String> keys = new ArrayList<>();
        ObjectListing listing = super.list("v/", "");
        for (var next = listing.next(); next.isPresent(); next = listing.next()) {
          keys.add(next.get().key());
        }
        return keys;
      }
    };
  }

  /** {@code 412 = failed}: the request is sent twice below, and the second answer is believed. */
  static ObjectStore believing412(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      @Override
      public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
          throws MoverException {
        if (key.startsWith("v/")) {
          super.replace(key, body.duplicate(), expected);
          throw new AccessDenied("412: somebody else was faster", "");
        }
        return super.replace(key, body, expected);
      }
    };
  }

  /** {@code cancel}: after a swap that did not answer, HEAD is looked at and not moved on. */
  static ObjectStore givingUpWithoutABump(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      private boolean offered;

      @Override
      public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
          throws MoverException {
        if (!key.startsWith("v/")) {
          return super.replace(key, body, expected);
        }
        if (offered) {
          return new VersionTag("moved on");
        }
        try {
          return super.replace(key, body, expected);
        } catch (Cancelled e) {
          offered = true;
          throw e;
        }
      }
    };
  }

  /** What was condemned since the repack began is not looked at. */
  static ObjectStore repackingWithoutALook(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      private boolean published;

      @Override
      public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
        published |= key.startsWith("s/");
        return super.putIfAbsent(key, body);
      }

      @Override
      public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
          throws MoverException {
        published &= !key.startsWith("v/");
        return super.replace(key, body, expected);
      }

      @Override
      public LoadedObject load(String key, int maxBytes) throws MoverException {
        if (published && key.equals(GcHead.KEY)) {
          throw new ObjectNotFound(key, "");
        }
        return super.load(key, maxBytes);
      }
    };
  }

  private static Repository reading() {
    return KEYS.get().repository;
  }

  private static Seal seal(Repository repository) {
    return new Seal(repository);
  }

  /** The repository whose documents are forged; set for each simulation. */
  static final AtomicReference<Keys> KEYS = new AtomicReference<>();

  /** Gives access to the keys, past the schedule. */
  static final class Keys {
    private final Repository repository;

    Keys(MemoryObjectStore memory) throws MoverException {
      this.repository = Scene.through(memory);
    }
  }

  /** Opens and closes documents of a repository without asking the store that lies. */
  private record Seal(Repository repository) {

    <T> T open(String key, LoadedObject object, Class<T> type) throws MoverException {
      MemoryObjectStore desk = new MemoryObjectStore();
      desk.put(key, ByteBuffer.wrap(object.bytes()));
      return documents(desk).load(key, type);
    }

    byte[] close(String key, Object content) throws MoverException {
      MemoryObjectStore desk = new MemoryObjectStore();
      documents(desk).put(key, content);
      return desk.load(key, Integer.MAX_VALUE).bytes();
    }

    private DocumentStore documents(MemoryObjectStore desk) {
      return new DocumentStore(desk, repository.keys(), repository.random());
    }
  }
}

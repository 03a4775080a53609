package io.blockmover.ceph.rbd.librbd;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An open image, or a snapshot of it. One that is open for reading only is told of nothing: it
 * keeps the list of snapshots that there was, and reads of a snapshot that has been removed give
 * zeros without an error. Whoever reads must open another one afterwards, and look.
 *
 * <p>Thread-safe, but for {@link #setSnapshot}: set it before anything else, one owner for each
 * snapshot.
 */
public final class RbdImage implements AutoCloseable {

  private final Librbd rbd;
  private final NativeHandle handle;
  private final ImageLinks links;

  RbdImage(Librbd rbd, NativeHandle handle) {
    this.rbd = rbd;
    this.handle = handle;
    this.links = new ImageLinks(rbd, handle.name());
  }

  NativeHandle handle() {
    return handle;
  }

  /** Pool, namespace, and image or id; for messages. */
  public String name() {
    return handle.name();
  }

  /** The image's id, unique in its pool and never used again. */
  public String id() throws CephFailure {
    return handle.use(
        image ->
            CText.filled(rbd.id, name(), (buffer, size) -> rbd.id.callInt(image, buffer, size)));
  }

  /** The pool that its data is in, which may be another than the image's. */
  public long dataPoolId() throws CephFailure {
    return handle.use(image -> rbd.dataPool.requireLong(name(), image));
  }

  /** Size at the snapshot that is set, and the cut into objects. */
  public ImageLayout layout() throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      // rbd_image_info_t: uint64_t size, obj_size, num_objs; int order; names
      MemorySegment stat = arena.allocate(160, Long.BYTES);
      handle.use(image -> rbd.stat.require(name(), image, stat.address(), stat.byteSize()));
      return new ImageLayout(
          sizeBytes(), CText.word(stat, 8), number(rbd.stripeUnit), number(rbd.stripeCount));
    }
  }

  /** Size at the snapshot that is set. */
  public long sizeBytes() throws CephFailure {
    return number(rbd.size);
  }

  /** What it was made with. */
  public Set<ImageFeature> features() throws CephFailure {
    return ImageFeature.of(number(rbd.features));
  }

  /** What is wrong with the maps of the snapshot that is set; a missing map is not noticed. */
  public Set<ImageFlag> flags() throws CephFailure {
    return ImageFlag.of(number(rbd.flags));
  }

  /** What it is a clone of; empty if of nothing, or if it was flattened. */
  public Optional<ParentSnapshot> parent() throws CephFailure {
    return handle.use(links::parent);
  }

  /** The clones of the snapshot that is set. */
  public List<LinkedImage> children() throws CephFailure {
    return handle.use(links::children);
  }

  /** The name of the group it belongs to. */
  public Optional<String> group() throws CephFailure {
    return handle.use(links::group);
  }

  /** Metadata of the image that somebody wrote under a key. */
  public Optional<String> metadata(String key) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      long keyText = CText.of(arena, key);
      MemorySegment length = arena.allocate(JAVA_LONG);
      return Optional.of(
          handle.use(
              image ->
                  CText.filled(
                      rbd.metadata,
                      name() + " (metadata " + key + ")",
                      (buffer, size) -> {
                        length.set(JAVA_LONG, 0, size);
                        return rbd.metadata.callInt(image, keyText, buffer, length.address());
                      })));
    } catch (CephFailure e) {
      if (e.errno() == CephErrno.GONE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The snapshots of all namespaces, ascending by id; as they were when it was opened. */
  public List<ImageSnapshot> snapshots() throws CephFailure {
    return handle.use(new SnapshotList(rbd, name())::read);
  }

  /**
   * Turns this owner to a snapshot of any namespace. Not beside any other call.
   *
   * @throws CephFailure {@link CephErrno#GONE} if there is no such snapshot
   */
  public void setSnapshot(long snapshotId) throws CephFailure {
    handle.use(
        image ->
            rbd.setSnapshot.require(name() + " (snapshot " + snapshotId + ")", image, snapshotId));
  }

  /**
   * Tells what differs. Runs until the end or until the receiver wants no more; a question about a
   * part of the image takes a time that depends on that part only.
   *
   * @return whether the receiver saw all
   * @throws CephFailure {@link CephErrno#GONE} if the base is no snapshot of this image; {@link
   *     CephErrno#BAD_RANGE} if the base is newer; {@link CephErrno#UNSUPPORTED} if the library
   *     finds bases by name only and this one has none
   */
  public boolean diff(DiffQuery query, DiffReceiver receiver) throws CephFailure {
    try (DiffUpcall upcall = new DiffUpcall(receiver)) {
      int result = handle.use(image -> startDiff(image, query, upcall));
      boolean finished = upcall.finished();
      if (finished && result < 0) {
        throw rbd.diffByName.failure(name() + " (diff " + query + ")", result);
      }
      return finished;
    }
  }

  private int startDiff(long image, DiffQuery query, DiffUpcall upcall) throws CephFailure {
    long offset = query.range().offset();
    long length = query.range().length();
    boolean whole = query.mode() == DiffMode.WHOLE_OBJECT;
    if (rbd.diffById != null) {
      int flags = Librbd.DIFF_INCLUDE_PARENT | (whole ? Librbd.DIFF_WHOLE_OBJECT : 0);
      return rbd.diffById.callInt(
          image,
          query.baseSnapshotId(),
          offset,
          length,
          flags,
          DiffUpcall.function(),
          upcall.argument());
    }
    try (Arena arena = Arena.ofConfined()) {
      long base = query.baseSnapshotId() == 0 ? 0 : CText.of(arena, baseName(query));
      return rbd.diffByName.callInt(
          image, base, offset, length, 1, whole ? 1 : 0, DiffUpcall.function(), upcall.argument());
    }
  }

  private String baseName(DiffQuery query) throws CephFailure {
    String subject = name() + " (diff since snapshot " + query.baseSnapshotId() + ")";
    for (ImageSnapshot snapshot : snapshots()) {
      if (snapshot.id() == query.baseSnapshotId()) {
        if (snapshot.kind() instanceof SnapshotKind.User) {
          return snapshot.name();
        }
        throw new CephFailure("rbd_diff_iterate3", subject, CephErrno.UNSUPPORTED.number());
      }
    }
    throw new CephFailure("rbd_snap_list", subject, CephErrno.GONE.number());
  }

  /**
   * Reads, without cache.
   *
   * @param into native memory
   * @return the bytes read, fewer than there is room only at the end of the image
   */
  public int read(long offset, MemorySegment into) throws CephFailure {
    return handle.use(
        image ->
            (int)
                rbd.read.requireLong(
                    at("read", offset, into.byteSize()),
                    image,
                    offset,
                    into.byteSize(),
                    into.address(),
                    Librbd.SEQUENTIAL_NO_CACHE));
  }

  /** Starts a read; the memory belongs to librbd until the transfer has ended. */
  public Transfer startRead(long offset, MemorySegment into) throws CephFailure {
    return start(
        at("read", offset, into.byteSize()),
        (image, completion) ->
            rbd.startRead.callInt(
                image,
                offset,
                into.byteSize(),
                into.address(),
                completion,
                Librbd.SEQUENTIAL_NO_CACHE));
  }

  /** Writes all of native memory; durable after {@link #flush()}. */
  public void write(long offset, MemorySegment from) throws CephFailure {
    handle.use(
        image ->
            rbd.write.requireLong(
                at("write", offset, from.byteSize()),
                image,
                offset,
                from.byteSize(),
                from.address(),
                Librbd.SEQUENTIAL_NO_CACHE));
  }

  /** Starts a write; the memory must not change until the transfer has ended. */
  public Transfer startWrite(long offset, MemorySegment from) throws CephFailure {
    return start(
        at("write", offset, from.byteSize()),
        (image, completion) ->
            rbd.startWrite.callInt(
                image,
                offset,
                from.byteSize(),
                from.address(),
                completion,
                Librbd.SEQUENTIAL_NO_CACHE));
  }

  /** Gives space back. What is smaller than librbd's granularity may keep its content. */
  public void discard(long offset, long length) throws CephFailure {
    handle.use(image -> rbd.discard.require(at("discard", offset, length), image, offset, length));
  }

  /** Starts {@link #discard}. */
  public Transfer startDiscard(long offset, long length) throws CephFailure {
    return start(
        at("discard", offset, length),
        (image, completion) -> rbd.startDiscard.callInt(image, offset, length, completion));
  }

  /** Makes all of the range read as zeros, and gives back the space of whole objects. */
  public void writeZeroes(long offset, long length) throws CephFailure {
    handle.use(
        image ->
            rbd.writeZeroes.requireLong(at("zero", offset, length), image, offset, length, 0, 0));
  }

  /** Starts {@link #writeZeroes}. */
  public Transfer startWriteZeroes(long offset, long length) throws CephFailure {
    return start(
        at("zero", offset, length),
        (image, completion) ->
            rbd.startWriteZeroes.callInt(image, offset, length, completion, 0, 0));
  }

  /** Changes the size; what is cut off is lost. */
  public void resize(long sizeBytes) throws CephFailure {
    handle.use(image -> rbd.resize.require(name() + " (resize)", image, sizeBytes));
  }

  /** Returns when everything written is durable. */
  public void flush() throws CephFailure {
    handle.use(image -> rbd.flush.require(name() + " (flush)", image));
  }

  /** Who has it open for writing, this owner included if it is one. */
  public List<ImageWatcher> watchers() throws CephFailure {
    return handle.use(links::watchers);
  }

  /**
   * Takes the exclusive lock, and keeps it until this is closed: no other client gets it by asking.
   *
   * @throws CephFailure {@link CephErrno#BAD_RANGE} if the image has no such feature; {@link
   *     CephErrno#READ_ONLY} or {@link CephErrno#BUSY} if somebody else keeps it
   */
  public void acquireLock() throws CephFailure {
    handle.use(image -> rbd.acquireLock.require(name() + " (lock)", image, 0));
  }

  /** Closes it, after its calls and transfers. Repeating is harmless. */
  @Override
  public void close() {
    handle.close();
  }

  private interface Start {
    int transfer(long image, long completion);
  }

  private Transfer start(String name, Start start) throws CephFailure {
    NativeHandle completion =
        handle.open(
            name,
            image -> {
              try (Arena arena = Arena.ofConfined()) {
                MemorySegment out = arena.allocate(JAVA_LONG);
                rbd.createCompletion.require(name, 0, 0, out.address());
                long pointer = CText.word(out, 0);
                int result = start.transfer(image, pointer);
                if (result < 0) {
                  rbd.releaseCompletion.call(pointer);
                  throw rbd.startRead.failure(name, result);
                }
                return pointer;
              }
            },
            pointer -> {
              rbd.awaitCompletion.call(pointer);
              rbd.releaseCompletion.call(pointer);
            });
    return new Transfer(rbd, completion);
  }

  private String at(String what, long offset, long length) {
    return name() + " (" + what + " at " + offset + ", " + length + " bytes)";
  }

  private long number(NativeFunction question) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_LONG);
      handle.use(image -> question.require(name(), image, answer.address()));
      return CText.word(answer, 0);
    }
  }
}

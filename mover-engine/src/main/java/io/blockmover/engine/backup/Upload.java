package io.blockmover.engine.backup;

import io.blockmover.api.store.ObjectStore;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.crypto.KeySet;
import io.blockmover.repository.pack.DataPackWriter;
import io.blockmover.repository.pack.PackBuffers;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.repository.pack.PackUploader;
import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The way of packs into the store: their memory, the threads that put them, what is durable. */
final class Upload implements AutoCloseable {

  private final ExecutorService threads;
  private final PackUploader uploader;
  private final DataPackWriter packs;
  private final DurablePacks durable;

  Upload(
      ObjectStore store,
      KeySet keys,
      PackNames names,
      MemoryProfile memory,
      Progress progress,
      SecureRandom random) {
    PackBuffers buffers = new PackBuffers(memory.packBuffers(), memory.packBytes());
    durable = new DurablePacks(names.run());
    threads =
        Executors.newFixedThreadPool(
            Math.min(memory.packBuffers(), store.properties().maxConcurrency()),
            Thread.ofPlatform().name("upload-", 0).daemon().factory());
    uploader =
        new PackUploader(
            store,
            buffers,
            threads,
            pack -> {
              durable.add(pack);
              progress.stored(pack.sizeBytes());
            });
    packs = new DataPackWriter(keys, names, buffers, uploader, random);
  }

  PackUploader uploader() {
    return uploader;
  }

  DataPackWriter packs() {
    return packs;
  }

  DurablePacks durable() {
    return durable;
  }

  /** Ends the threads; what is under way is given up. */
  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}

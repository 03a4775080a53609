package io.blockmover.repository.store;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;

/** Keeps bodies to a limit each way; listings and deletions go free. */
public final class ThrottledObjectStore extends ForwardingObjectStore {

  private final BandwidthLimit upload;
  private final BandwidthLimit download;

  public ThrottledObjectStore(ObjectStore next, BandwidthLimit upload, BandwidthLimit download) {
    super(next);
    this.upload = upload;
    this.download = download;
  }

  @Override
  public VersionTag put(String key, ByteBuffer body) throws MoverException {
    upload.acquire(body.remaining());
    return super.put(key, body);
  }

  @Override
  public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
    upload.acquire(body.remaining());
    return super.putIfAbsent(key, body);
  }

  @Override
  public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
      throws MoverException {
    upload.acquire(body.remaining());
    return super.replace(key, body, expected);
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws MoverException {
    download.acquire(into.remaining());
    super.read(key, offset, into);
  }

  @Override
  public LoadedObject load(String key, int maxBytes) throws MoverException {
    LoadedObject loaded = super.load(key, maxBytes);
    download.acquire(loaded.bytes().length);
    return loaded;
  }
}

package io.blockmover.cbt.k8s;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** One client a driver, for as long as anybody uses it. Thread-safe. */
final class SharedClients {

  private final Function<String, MetadataClient> maker;
  private final Map<String, Shared> clients = new HashMap<>();

  /**
   * @param maker makes the client of a driver
   */
  SharedClients(Function<String, MetadataClient> maker) {
    this.maker = maker;
  }

  /** The driver's client, until the answer is closed. */
  synchronized Lease lease(String driver) {
    Shared shared = clients.computeIfAbsent(driver, name -> new Shared(maker.apply(name)));
    shared.users++;
    return new Lease(this, driver, shared.client);
  }

  private void release(String driver) {
    MetadataClient unused = null;
    synchronized (this) {
      Shared shared = clients.get(driver);
      if (shared != null && --shared.users == 0) {
        clients.remove(driver);
        unused = shared.client;
      }
    }
    if (unused != null) {
      unused.close();
    }
  }

  /** The right to use a client. */
  static final class Lease implements AutoCloseable {
    private final SharedClients owner;
    private final String driver;
    private final MetadataClient client;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Lease(SharedClients owner, String driver, MetadataClient client) {
      this.owner = owner;
      this.driver = driver;
      this.client = client;
    }

    MetadataClient client() {
      return client;
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        owner.release(driver);
      }
    }
  }

  private static final class Shared {
    private final MetadataClient client;
    private int users;

    Shared(MetadataClient client) {
      this.client = client;
    }
  }
}
